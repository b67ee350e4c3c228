package dev.remit.cli.verify;

import dev.remit.cli.offline.LedgerAnswer;
import dev.remit.kernel.state.StateReport;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Says whether the tables are what the log says, row by row where they are not.
///
/// @param logs what verifying each log has shown
/// @param report empty when they could not be compared
/// @param why why not; else empty
record StateAnswer(List<LedgerAnswer> logs, Optional<StateReport> report, String why) {
  private static final String NOT_SHOWN =
      "that the server told its rows as they are: it reads them with its own code";

  static StateAnswer compared(List<LedgerAnswer> logs, StateReport report) {
    return new StateAnswer(logs, Optional.of(report), "");
  }

  static StateAnswer notCompared(List<LedgerAnswer> logs, String why) {
    return new StateAnswer(logs, Optional.empty(), why);
  }

  boolean holds() {
    return logsHold() && report.filter(StateReport::holds).isPresent();
  }

  private boolean logsHold() {
    return logs.stream().allMatch(LedgerAnswer::holds);
  }

  void print(PrintWriter out) {
    logs.forEach(log -> log.print(out));
    report.ifPresent(compared -> print(compared, out));
    if (report.isEmpty()) {
      out.println("the state was not compared: " + why);
    } else {
      out.println("  not proved  " + NOT_SHOWN);
      out.println(
          holds() ? "the state is what the ledger says" : "the state is NOT what the ledger says");
    }
  }

  private static void print(StateReport compared, PrintWriter out) {
    if (compared.holds()) {
      out.println(
          "  proved      %,d rows are what %,d entries say: %s"
              .formatted(compared.compared(), compared.entries(), kinds(compared)));
    }
    compared.disorder().forEach(one -> out.println("  DISORDER    " + one));
    compared.disagreements().forEach(one -> out.println("  DISAGREES   " + one));
    long more = compared.count() - compared.disagreements().size();
    if (more > 0) {
      out.println("  DISAGREES   … and %,d more".formatted(more));
    }
  }

  private static String kinds(StateReport compared) {
    return compared.rows().entrySet().stream()
        .map(one -> "%,d %s".formatted(one.getValue(), one.getKey()))
        .collect(Collectors.joining(", "));
  }

  JsonNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("holds", holds());
    json.putObject("ledger").put("holds", logsHold());
    var each = json.putArray("logs");
    logs.forEach(log -> each.add(log.json()));
    var state = json.putObject("state");
    state.put("compared", report.isPresent());
    if (report.isEmpty()) {
      state.put("why", why);
      return json;
    }
    var compared = report.get();
    state.put("entries", compared.entries());
    var rows = state.putObject("rows");
    compared.rows().forEach(rows::put);
    compared.disorder().forEach(state.putArray("disorder")::add);
    state.put("count", compared.count());
    var disagreements = state.putArray("disagreements");
    for (var one : compared.disagreements()) {
      var shown =
          disagreements
              .addObject()
              .put("kind", one.kind())
              .put("key", one.key())
              .put("column", one.column())
              .put("ledger", one.ledger())
              .put("table", one.table());
      one.entry().ifPresent(entry -> shown.put("entry", entry));
      if (!one.node().isEmpty()) {
        shown.put("node", one.node());
      }
    }
    state.putArray("notProved").add(NOT_SHOWN);
    return json;
  }
}
