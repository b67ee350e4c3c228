package dev.remit.cli.offline;

import dev.remit.kernel.promotion.GateAudit;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says what verifying a bundle has shown, and whether the promotion gate comes to the same again.
public record GateAnswer(BundleAnswer bundle, List<GateAudit.Recomputed> promotions)
    implements Answer {
  public GateAnswer {
    promotions = List.copyOf(promotions);
  }

  @Override
  public boolean holds() {
    return bundle.holds()
        && !promotions.isEmpty()
        && promotions.stream().allMatch(GateAudit.Recomputed::holds);
  }

  @Override
  public void print(PrintWriter out) {
    bundle.print(out);
    for (var one : promotions) {
      out.printf(
          "gate of %s, as asked in %s: %d items come to the same again, %d do not%n",
          one.workflow(), one.promotion(), one.agreed().size(), one.differ().size());
      one.differ().forEach(line -> out.println("  DIFFERS     " + line));
      one.notComputed().forEach(line -> out.println("  not proved  " + line));
    }
    if (promotions.isEmpty()) {
      out.println("the bundle tells of no promotion that was asked for in its period");
    }
    out.println(
        holds()
            ? "the gate comes to the same"
            : "the gate does NOT come to the same, or nothing to compare");
  }

  @Override
  public JsonNode json() {
    var json = (ObjectNode) bundle.json();
    json.put("holds", holds());
    var all = json.putArray("gate");
    for (var one : promotions) {
      var item = all.addObject().put("promotion", one.promotion()).put("workflow", one.workflow());
      one.agreed().forEach(item.putArray("agreed")::add);
      one.differ().forEach(item.putArray("differ")::add);
      one.notComputed().forEach(item.putArray("notComputed")::add);
    }
    return json;
  }
}
