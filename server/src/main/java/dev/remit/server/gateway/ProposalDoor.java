package dev.remit.server.gateway;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.ArgumentCheck;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.SecretFacts;
import dev.remit.server.decisions.Target;
import dev.remit.server.decisions.TaskFacts;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.TaskClaims;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Where a tool call that a model proposes is judged before anybody makes it: by scope, grant,
/// schema and policy, as the call itself will be. Counts nothing and makes nothing; what is let
/// through here is judged again when it is made.
public final class ProposalDoor {
  private final Decisions decisions;
  private final TaskUse use;
  private final Proposals proposals;
  private final Bindings bindings;
  private final ArgumentCheck arguments = new ArgumentCheck();

  ProposalDoor(Decisions decisions, TaskUse use, Proposals proposals, Bindings bindings) {
    this.decisions = decisions;
    this.use = use;
    this.proposals = proposals;
    this.bindings = bindings;
  }

  /// What was found.
  public sealed interface Found {
    /// The tool that is meant, where it is one that is declared.
    Optional<ToolName> tool();

    /// It would go on now; a person may still have to agree when it is made.
    ///
    /// @param decided empty for a tool that nobody has declared
    record May(Optional<ToolName> tool, Optional<Decided> decided) implements Found {}

    /// It would be refused.
    ///
    /// @param reason a stable word
    record MayNot(
        Optional<ToolName> tool, Optional<Decided> decided, String reason, String text, String next)
        implements Found {}
  }

  /// With what a call is proposed.
  ///
  /// @param arguments an object
  /// @param secrets what was found of secrets in it
  public record Given(JsonNode arguments, SecretFacts secrets) {}

  /// What the task has done so far, as policy sees it.
  public TaskFacts facts(TaskClaims claims, Instant now) {
    return use.facts(claims, now);
  }

  /// Counts an answer of `bytes` for the task.
  public void answered(TaskClaims claims, long bytes, Instant now) {
    use.answered(claims, bytes, now);
  }

  /// Returns the declared tools that `wireName` may mean: what an agent's client calls a tool of an
  /// MCP server is its name there, alone or behind the server's (`files_read`, `mcp__files__read`).
  public static List<Tool> meant(Registered registered, TaskClaims claims, String wireName) {
    return registered.grants(claims.identity()).stream()
        .flatMap(grant -> registered.tools(grant.resource()).stream())
        .filter(tool -> isCalled(tool.name(), wireName))
        .distinct()
        .toList();
  }

  private static boolean isCalled(ToolName tool, String wireName) {
    if (tool.tool().equals(wireName)) {
      return true;
    }
    if (!wireName.endsWith(tool.tool())) {
      return false;
    }
    var before = wireName.substring(0, wireName.length() - tool.tool().length());
    var server = tool.resource().value();
    return List.of("_", "__", "-", ".", "/", ":").stream()
        .anyMatch(between ->
            before.equals(server + between) || before.equals("mcp__" + server + between));
  }

  /// Judges the call. Of several tools that it may mean, the one that is answered most strictly
  /// counts.
  ///
  /// @param readOnly whether tools that do more than read are refused, whatever policy says
  public Found judge(
      String token,
      TaskClaims claims,
      Workflow workflow,
      Registered registered,
      String wireName,
      Given given,
      boolean readOnly,
      Instant now) {
    var agent = new Agent(token, claims, workflow, registered, bindings);
    Found last = new Found.May(Optional.empty(), Optional.empty());
    for (var tool : meant(registered, claims, wireName)) {
      last = judge(agent, tool, given, readOnly, now);
      if (last instanceof Found.MayNot) {
        return last;
      }
    }
    return last;
  }

  private Found judge(Agent agent, Tool tool, Given given, boolean readOnly, Instant now) {
    var name = Optional.of(tool.name());
    if (readOnly && tool.effects().stream().anyMatch(effect -> effect != Effect.READ)) {
      return new Found.MayNot(
          name,
          Optional.empty(),
          "binding-suspect",
          "the model that asks for it may have changed, and until that is settled only tools that"
              + " read may be called",
          "have the change reviewed");
    }
    switch (Admission.tool(agent, tool.name().resource(), tool.name().tool(), now)) {
      case Admission.Found.Refused(var why) -> {
        return mayNot(name, Optional.empty(), why);
      }
      case Admission.Found.Covered _ -> {}
    }
    var problems = arguments.problems(tool, given.arguments());
    if (!problems.isEmpty()) {
      return mayNot(name, Optional.empty(), new Refusal.BadArguments(tool.name(), problems));
    }
    var decided =
        decisions.decide(
            new Question(
                agent.claims().identity(),
                use.facts(agent.claims(), now),
                Action.CALL,
                new Target.OfTool(tool.name()),
                new Arguments.Given(given.arguments()),
                CallFacts.NONE.with(given.secrets()),
                now));
    return decided.decision() instanceof Decision.Deny deny && !decided.isObserved()
        ? mayNot(name, Optional.of(decided), new Refusal.DeniedByPolicy(deny))
        : new Found.May(name, Optional.of(decided));
  }

  private static Found mayNot(Optional<ToolName> tool, Optional<Decided> decided, Refusal why) {
    var said = Wording.of(why);
    return new Found.MayNot(tool, decided, said.reason(), said.text(), said.next());
  }

  /// Returns the digest by which a proposed call and the call itself are the same.
  public static Digest digest(JsonNode arguments) {
    return CanonicalJson.digest(arguments);
  }

  /// Has the call, when it is made in the same task, name the proposal that it follows.
  public void remember(
      TaskClaims claims, ToolName tool, Digest arguments, DecisionId proposal, Instant now) {
    proposals.remember(claims.task(), tool, arguments, proposal, now);
  }

  /// An entry about what a task asks of us, in the form that all have.
  public static Entry entry(EntryType type, DecisionId id, TaskClaims claims, Instant now) {
    return CallRecords.who(type, id, claims, now);
  }

  /// An entry about what became of it.
  public static Entry ended(
      DecisionId of, TaskClaims claims, Outcome.How how, int status, Instant now) {
    return CallRecords.ofEnd(of, claims, now).with("outcome", how.word()).with("status", status);
  }

  /// How long a proposal waits for its call.
  static final Duration REMEMBERED = Duration.ofHours(1);
}
