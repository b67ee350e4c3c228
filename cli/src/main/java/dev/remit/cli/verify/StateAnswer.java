package dev.remit.cli.verify;

import dev.remit.cli.offline.LedgerAnswer;
import dev.remit.kernel.state.StateReport;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Says whether the tables are what the log says, row by row where they are not.
///
/// @param report empty when they could not be compared
/// @param why why not; else empty
record StateAnswer(LedgerAnswer ledger, Optional<StateReport> report, String why) {
  private static final String NOT_SHOWN =
      "that the server told its rows as they are: it reads them with its own code";

  static StateAnswer compared(LedgerAnswer ledger, StateReport report) {
    return new StateAnswer(ledger, Optional.of(report), "");
  }

  static StateAnswer notCompared(LedgerAnswer ledger, String why) {
    return new StateAnswer(ledger, Optional.empty(), why);
  }

  boolean holds() {
    return ledger.holds() && report.filter(StateReport::holds).isPresent();
  }

  void print(PrintWriter out) {
    ledger.print(out);
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
          "  proved      %,d rows are what the first %,d entries say: %s"
              .formatted(compared.compared(), compared.entries(), kinds(compared)));
    }
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
    json.set("ledger", ledger.json());
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
    }
    state.putArray("notProved").add(NOT_SHOWN);
    return json;
  }
}
