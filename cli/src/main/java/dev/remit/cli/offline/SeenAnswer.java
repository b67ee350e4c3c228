package dev.remit.cli.offline;

import dev.remit.kernel.evidence.SeenUpstream;
import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says what verifying a bundle has shown, and whether the servers behind the gateway saw what it
/// says was sent to them.
public record SeenAnswer(BundleAnswer bundle, SeenUpstream.Report report) implements Answer {

  @Override
  public boolean holds() {
    return bundle.holds() && report.holds();
  }

  @Override
  public void print(PrintWriter out) {
    bundle.print(out);
    out.printf(
        "%,d of %,d calls that were sent on were seen, %,d gaps%n",
        report.seen(), report.sent(), report.gaps().size());
    report.gaps().forEach(gap -> out.println("  GAP         " + gap.what() + ": " + gap.cause()));
    out.println(
        holds()
            ? "what was decided is what was seen"
            : "what was decided is NOT what was seen, or the bundle does not hold");
  }

  @Override
  public JsonNode json() {
    var json = (ObjectNode) bundle.json();
    json.put("holds", holds());
    var seen = json.putObject("seen").put("sent", report.sent()).put("seen", report.seen());
    var gaps = seen.putArray("gaps");
    report
        .gaps()
        .forEach(gap -> gaps.addObject().put("what", gap.what()).put("cause", gap.cause()));
    return json;
  }
}
