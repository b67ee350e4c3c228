package dev.remit.cli.offline;

import dev.remit.kernel.ledger.AuditReport;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.LogKey;
import dev.remit.kernel.ledger.Witnessed;
import dev.remit.kernel.timestamp.ExportedTimestamps;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Says what verifying a ledger has shown: what is proved, what is not, what is wrong.
///
/// @param witnesses how many witnesses were named by the person who verifies
/// @param timestamps what authorities say of its checkpoints
public record LedgerAnswer(
    AuditReport report, Keys keys, int witnesses, ExportedTimestamps timestamps) implements Answer {

  @Override
  public boolean holds() {
    return report.holds() && timestamps.damages().isEmpty();
  }

  @Override
  public void print(PrintWriter out) {
    report
        .checkpoint()
        .ifPresent(checkpoint ->
            out.printf(
                "%s: %,d entries, root %s%n",
                checkpoint.origin(), checkpoint.size(), checkpoint.root().base64()));
    if (holds()) {
      proved().forEach(line -> out.println("  proved      " + line));
    }
    report.damages().forEach(damage -> out.println("  DAMAGED     " + damage));
    timestamps.damages().forEach(damage -> out.println("  DAMAGED     " + damage));
    notProved().forEach(line -> out.println("  not proved  " + line));
    out.println(holds() ? "the ledger holds" : "the ledger does not hold");
  }

  @Override
  public JsonNode json() {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("holds", holds());
    node.put("witnessedBy", report.witnessed().names().size());
    report
        .checkpoint()
        .ifPresent(checkpoint ->
            node.put("origin", checkpoint.origin())
                .put("size", checkpoint.size())
                .put("root", checkpoint.root().base64()));
    var damages = node.putArray("damages");
    report
        .damages()
        .forEach(damage ->
            damages
                .addObject()
                .put("from", damage.from())
                .put("to", damage.to())
                .put("what", damage.what()));
    timestamps.damages().forEach(what -> damages.addObject().put("what", what));
    var proved = node.putArray("proved");
    if (holds()) {
      proved().forEach(proved::add);
    }
    var notProved = node.putArray("notProved");
    notProved().forEach(notProved::add);
    return node;
  }

  private List<String> proved() {
    var lines = new ArrayList<String>();
    lines.add("the checkpoint is signed by " + names());
    lines.add("%,d entries are those that the checkpoint signed for".formatted(report.entries()));
    lines.add("%,d older checkpoints say the same".formatted(report.checkpoints()));
    lines.add(
        "entries are numbered without a gap in %,d epochs, %,d of them sealed"
            .formatted(report.epochs(), report.sealed()));
    lines.add("%,d calls have a decision before their outcome".formatted(report.pairs()));
    var witnessed = report.witnessed();
    if (witnessed.isEnough()) {
      lines.add(
          "witnessed by %d (%s): the first %,d entries"
              .formatted(
                  witnessed.names().size(),
                  String.join(", ", witnessed.names()),
                  witnessed.size()));
    }
    lines.addAll(timestamps.proved());
    return lines;
  }

  private List<String> notProved() {
    var lines = new ArrayList<String>();
    if (!keys.trusted()) {
      lines.add(
          "that the key is the log's: it came from "
              + keys.source()
              + "; compare it with one you trust, with --key");
    }
    if (witnesses > 0 && !report.witnessed().isEnough()) {
      lines.add(
          "that it is witnessed: of the %d named, %d have cosigned (%s); it takes %d different ones"
              .formatted(
                  witnesses,
                  report.witnessed().names().size(),
                  String.join(", ", report.witnessed().names()),
                  Witnessed.ENOUGH));
    }
    if (report.openCount() > 0) {
      lines.add(
          "the outcome of %,d allowed calls that have none: %s"
              .formatted(
                  report.openCount(),
                  report.open().stream().limit(5).collect(Collectors.joining(", "))));
    }
    lines.addAll(timestamps.notProved());
    lines.add("anything newer than the checkpoint, and calls that never passed through Remit");
    return lines;
  }

  private String names() {
    var origin = report.checkpoint().map(Checkpoint::origin).orElse("");
    return report.keys().keys().stream()
        .filter(key -> key.key().name().equals(origin))
        .map(LogKey::toString)
        .collect(Collectors.joining(" or "));
  }
}
