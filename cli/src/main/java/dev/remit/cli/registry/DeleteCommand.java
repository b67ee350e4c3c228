package dev.remit.cli.registry;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.ServerProblem;
import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Retires one declared thing.
@Command(
    name = "delete",
    header = "Retire one declared thing that nothing names any more.",
    description = {
      "What is retired takes effect no longer; its history stays. While something else names it,",
      "the command says what, and changes nothing.",
      "",
      "Exit codes: 1 error, not there, or still named; 2 it was retired; 3 another person has to",
      "agree first (`remit apply-requests`)."
    })
public final class DeleteCommand extends ServerCommand {
  @Parameters(
      index = "0",
      paramLabel = "KIND",
      completionCandidates = Kinds.class,
      description = "What kind of thing.")
  private String kind = "";

  @Parameters(index = "1", paramLabel = "NAME", description = "Which one.")
  private String name = "";

  public DeleteCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    try {
      var retired = server().delete(Kinds.path(kind, name));
      var view = new PlanView(terminal, false);
      if (retired.has("waiting")) {
        tell(
            retired,
            out -> {
              view.print(out, retired, false);
              ApplyRequestsCommand.printWaiting(out, retired.path("waiting"));
            });
        return ExitCode.WAITING;
      }
      tell(retired, out -> view.print(out, retired, true));
      return ExitCode.CHANGES;
    } catch (ServerProblem e) {
      PlanView.printProblems(terminal.err(), e.problem().path("problems"));
      throw e;
    }
  }
}
