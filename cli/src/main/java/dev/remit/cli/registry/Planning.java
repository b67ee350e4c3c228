package dev.remit.cli.registry;

import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Terminal;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// What plan and diff share: ask, show, and end with what was found.
final class Planning {
  /// Making a million decisions again may take a minute, and somebody else's plan comes first.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private Planning() {}

  /// @param fields whether each value that differs is shown
  static int run(Terminal terminal, Output output, ObjectNode body, boolean fields) {
    var planned = RemitClient.of(terminal).post("/v1/registry/plan", body, PATIENCE);
    PlanView.printProblems(terminal.err(), planned.path("problems"));
    boolean applicable = planned.path("applicable").asBoolean(false);
    var view = new PlanView(terminal, fields);
    output.print(
        planned,
        out -> {
          if (applicable) {
            view.print(out, planned, false);
            RiskView.print(out, planned.path("risks"));
            ReplayView.print(out, planned.path("replay"));
          }
        });
    return applicable ? ExitCode.of(planned.path("changed").asBoolean(false)) : ExitCode.ERROR;
  }
}
