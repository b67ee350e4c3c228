package dev.remit.cli.registry;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.ServerProblem;
import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Makes what manifests declare so, all of it or nothing.
@Command(
    name = "apply",
    header = "Make what manifests declare so, all of it or nothing.",
    description = {
      "Holds the manifests to every rule and applies them in one step, on record. If one of them",
      "does not hold, nothing is changed.",
      "",
      "A change that touches what a workflow in production rests on waits until another person",
      "agrees to it (`remit apply-requests`).",
      "",
      "Exit codes: 0 nothing to change, 1 error and nothing changed, 2 changes were made, 3 another",
      "person has to agree first."
    })
public final class ApplyCommand extends ServerCommand {
  @Mixin private final ManifestFiles files = new ManifestFiles();

  @Option(
      names = "--planned",
      paramLabel = "VERSION",
      description =
          "Apply only if nothing changed since the plan with this version (plan -o json shows it).")
  private long planned = -1;

  @Option(
      names = "--exit-zero",
      description = "End with 0 also when changes were made, for scripts that stop otherwise.")
  private boolean exitZero;

  public ApplyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    var body = files.body(terminal);
    if (planned >= 0) {
      body.put("version", planned);
    }
    try {
      var applied = server().post("/v1/registry/apply", body);
      PlanView.printProblems(terminal.err(), applied.path("problems"));
      var view = new PlanView(terminal, false);
      if (applied.has("waiting")) {
        tell(
            applied,
            out -> {
              view.print(out, applied, false);
              ApplyRequestsCommand.printWaiting(out, applied.path("waiting"));
            });
        return ExitCode.WAITING;
      }
      tell(applied, out -> view.print(out, applied, true));
      boolean changed = applied.path("changed").asBoolean(false);
      return exitZero ? ExitCode.NOTHING : ExitCode.of(changed);
    } catch (ServerProblem e) {
      PlanView.printProblems(terminal.err(), e.problem().path("problems"));
      throw e;
    }
  }
}
