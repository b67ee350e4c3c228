package dev.remit.cli;

import dev.remit.cli.connect.ConnectCommand;
import dev.remit.cli.connect.RunCommand;
import dev.remit.cli.credential.CredentialCommand;
import dev.remit.cli.init.InitCommand;
import dev.remit.cli.operate.ApprovalsCommand;
import dev.remit.cli.operate.ApproveCommand;
import dev.remit.cli.operate.BreakGlassCommand;
import dev.remit.cli.operate.CanaryCommand;
import dev.remit.cli.operate.ChangesCommand;
import dev.remit.cli.operate.DenyCommand;
import dev.remit.cli.operate.DrillCommand;
import dev.remit.cli.operate.EnforcementCommand;
import dev.remit.cli.operate.EraseCommand;
import dev.remit.cli.operate.EvaluationsCommand;
import dev.remit.cli.operate.ExceptionCommand;
import dev.remit.cli.operate.ExplainCommand;
import dev.remit.cli.operate.ExportCommand;
import dev.remit.cli.operate.FindingsCommand;
import dev.remit.cli.operate.InviteCommand;
import dev.remit.cli.operate.KeysCommand;
import dev.remit.cli.operate.LegalHoldCommand;
import dev.remit.cli.operate.MeasuresCommand;
import dev.remit.cli.operate.NotificationsCommand;
import dev.remit.cli.operate.PromoteCommand;
import dev.remit.cli.operate.ResumeCommand;
import dev.remit.cli.operate.RiskCommand;
import dev.remit.cli.operate.SecretCommand;
import dev.remit.cli.operate.StandingCommand;
import dev.remit.cli.operate.SuspendCommand;
import dev.remit.cli.operate.TaskCommand;
import dev.remit.cli.operate.TokenCommand;
import dev.remit.cli.policy.PolicyCommand;
import dev.remit.cli.registry.ApplyCommand;
import dev.remit.cli.registry.ApplyRequestsCommand;
import dev.remit.cli.registry.DeleteCommand;
import dev.remit.cli.registry.DescribeCommand;
import dev.remit.cli.registry.DiffCommand;
import dev.remit.cli.registry.GetCommand;
import dev.remit.cli.registry.PlanCommand;
import dev.remit.cli.verify.EvidenceCommand;
import dev.remit.cli.verify.LedgerCommand;
import dev.remit.cli.verify.TraceCommand;
import dev.remit.cli.verify.VerifyCommand;
import dev.remit.cli.witness.WitnessCommand;
import java.util.List;

/// Everything the command can do, grouped as its help shows it.
///
/// A command's class is loaded only when it is named, or when all of them are needed for help and
/// completion; so the one that runs starts quickly.
final class Commands {
  /// One section of the help.
  record Group(String title, List<String> names) {}

  static final List<Group> GROUPS =
      List.of(
          new Group("Start", List.of("init", "connect", "run", "status", "whoami")),
          new Group(
              "Declare",
              List.of("plan", "apply", "diff", "get", "describe", "delete", "secret", "policy")),
          new Group(
              "Watch",
              List.of(
                  "explain", "task", "credential", "findings", "risk", "measures", "evaluations")),
          new Group(
              "Decide",
              List.of(
                  "approvals",
                  "approve",
                  "deny",
                  "suspend",
                  "resume",
                  "standing",
                  "drill",
                  "promote",
                  "exception",
                  "enforcement",
                  "apply-requests",
                  "canary",
                  "break-glass",
                  "changes",
                  "notifications",
                  "token",
                  "keys",
                  "invite")),
          new Group(
              "Prove",
              List.of(
                  "verify",
                  "trace",
                  "evidence",
                  "export",
                  "ledger",
                  "witness",
                  "erase",
                  "legal-hold")),
          new Group("More", List.of("completion")));

  private Commands() {}

  static boolean isCommand(String name) {
    return GROUPS.stream().anyMatch(group -> group.names().contains(name));
  }

  static List<String> names() {
    return GROUPS.stream().flatMap(group -> group.names().stream()).toList();
  }

  /// Returns a new command object, to be handed to picocli.
  static Object open(String name, Terminal terminal) {
    return switch (name) {
      case "apply" -> new ApplyCommand(terminal);
      case "approvals" -> new ApprovalsCommand(terminal);
      case "approve" -> new ApproveCommand(terminal);
      case "apply-requests" -> new ApplyRequestsCommand(terminal);
      case "canary" -> new CanaryCommand(terminal);
      case "break-glass" -> new BreakGlassCommand(terminal);
      case "changes" -> new ChangesCommand(terminal);
      case "completion" -> new CompletionCommand(terminal);
      case "connect" -> new ConnectCommand(terminal);
      case "credential" -> new CredentialCommand(terminal);
      case "delete" -> new DeleteCommand(terminal);
      case "deny" -> new DenyCommand(terminal);
      case "describe" -> new DescribeCommand(terminal);
      case "diff" -> new DiffCommand(terminal);
      case "drill" -> new DrillCommand(terminal);
      case "enforcement" -> new EnforcementCommand(terminal);
      case "erase" -> new EraseCommand(terminal);
      case "evaluations" -> new EvaluationsCommand(terminal);
      case "evidence" -> new EvidenceCommand(terminal);
      case "exception" -> new ExceptionCommand(terminal);
      case "explain" -> new ExplainCommand(terminal);
      case "export" -> new ExportCommand(terminal);
      case "findings" -> new FindingsCommand(terminal);
      case "get" -> new GetCommand(terminal);
      case "init" -> new InitCommand(terminal);
      case "invite" -> new InviteCommand(terminal);
      case "keys" -> new KeysCommand(terminal);
      case "ledger" -> new LedgerCommand(terminal);
      case "legal-hold" -> new LegalHoldCommand(terminal);
      case "notifications" -> new NotificationsCommand(terminal);
      case "plan" -> new PlanCommand(terminal);
      case "policy" -> new PolicyCommand(terminal);
      case "promote" -> new PromoteCommand(terminal);
      case "resume" -> new ResumeCommand(terminal);
      case "measures" -> new MeasuresCommand(terminal);
      case "risk" -> new RiskCommand(terminal);
      case "run" -> new RunCommand(terminal);
      case "secret" -> new SecretCommand(terminal);
      case "standing" -> new StandingCommand(terminal);
      case "status" -> new StatusCommand(terminal);
      case "suspend" -> new SuspendCommand(terminal);
      case "task" -> new TaskCommand(terminal);
      case "token" -> new TokenCommand(terminal);
      case "trace" -> new TraceCommand(terminal);
      case "verify" -> new VerifyCommand(terminal);
      case "whoami" -> new WhoamiCommand(terminal);
      case "witness" -> new WitnessCommand(terminal);
      default -> throw new IllegalArgumentException("no command is named `" + name + "`");
    };
  }
}
