package dev.remit.cli.offline;

import dev.remit.kernel.evidence.BundleReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Says what verifying an evidence bundle has shown.
public record BundleAnswer(BundleReport report, Keys keys) implements Answer {

  @Override
  public boolean holds() {
    return report.holds();
  }

  @Override
  public void print(PrintWriter out) {
    report
        .scope()
        .ifPresent(scope ->
            out.printf(
                "%s %s, %s to %s: %,d entries, %.2f %% complete, %,d gaps%n",
                scope.kind().word(),
                scope.subject(),
                scope.from(),
                scope.to(),
                report.entries(),
                report.figure() / 100.0,
                report.gaps()));
    report.proved().forEach(line -> out.println("  proved      " + line));
    report.damages().forEach(line -> out.println("  DAMAGED     " + line));
    notProved().forEach(line -> out.println("  not proved  " + line));
    out.println(holds() ? "the bundle holds; read answer.md in it" : "the bundle does not hold");
  }

  @Override
  public JsonNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("holds", holds());
    report.scope().ifPresent(scope -> json.set("scope", scope.toJson()));
    report
        .checkpoint()
        .ifPresent(
            checkpoint -> json.put("origin", checkpoint.origin()).put("size", checkpoint.size()));
    json.put("entries", report.entries());
    json.put("figure", report.figure());
    json.put("gaps", report.gaps());
    report.proved().forEach(json.putArray("proved")::add);
    report.damages().forEach(json.putArray("damages")::add);
    notProved().forEach(json.putArray("notProved")::add);
    return json;
  }

  private List<String> notProved() {
    var lines = new ArrayList<String>();
    if (!keys.trusted()) {
      lines.add("that the key is the log's: it came from " + keys.source() + "; see --key");
    }
    lines.addAll(report.notProved());
    return lines;
  }
}
