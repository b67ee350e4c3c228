package dev.remit.cli.registry;

import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ObjectNode;

/// What plan and diff share: ask, show, and end with what was found.
abstract class Planning extends ServerCommand {
  /// Making a million decisions again may take a minute, and somebody else's plan comes first.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Mixin private final ManifestFiles files = new ManifestFiles();

  Planning(Terminal terminal) {
    super(terminal);
  }

  /// What is asked with the files that were named.
  final ObjectNode body() {
    return files.body(terminal);
  }

  /// @param fields whether each value that differs is shown
  final int run(ObjectNode body, boolean fields) {
    var planned = server().post("/v1/registry/plan", body, PATIENCE);
    PlanView.printProblems(terminal.err(), planned.path("problems"));
    boolean applicable = planned.path("applicable").asBoolean(false);
    var view = new PlanView(terminal, fields);
    tell(
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
