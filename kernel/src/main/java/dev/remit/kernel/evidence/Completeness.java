package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.RecordedEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How complete the evidence about a scope is: of what was begun, how much is seen to have ended.
///
/// A call that was let through must have an outcome; a task whose time is over must have ended; a
/// held call whose time is over must have been settled. Each that is missing is a gap, with its
/// cause. Entries are added oldest first.
public final class Completeness {
  private static final int GAPS_SHOWN_MAX = 1_000;
  private static final int WHOLE = 10_000;

  private final Scope scope;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Begun> open = new LinkedHashMap<>();
  private final List<Gap> interrupted = new ArrayList<>();
  private long begun;

  /// Something that began and is not seen to have ended.
  ///
  /// @param index of the entry that says it began
  /// @param what its kind and id
  /// @param cause why no end is known
  public record Gap(long index, String what, String cause) {}

  private record Begun(long index, Instant due, String cause) {}

  public Completeness(Scope scope) {
    this.scope = scope;
  }

  public void add(RecordedEntry entry) {
    counts.merge(entry.type().word(), 1L, Long::sum);
    switch (entry.type()) {
      case CALL_DECIDED -> decided(entry);
      case CALL_ENDED -> entry.of().ifPresent(of -> open.remove("call " + of));
      case TASK_STARTED ->
          begin("task", entry.text("task"), entry, due(entry, "expiresAt"), "its end is missing");
      case TASK_COMPLETED -> end("task", entry.text("task"));
      case APPROVAL_OPENED ->
          begin(
              "approval",
              entry.text("approval"),
              entry,
              due(entry, "lapsesAt"),
              "it was never settled");
      case APPROVAL_SETTLED -> end("approval", entry.text("approval"));
      case BOOT -> interrupt();
      // Everything else neither begins nor ends anything.
      default -> {}
    }
  }

  /// Only what was sent on has an outcome to wait for.
  private void decided(RecordedEntry entry) {
    if (entry.isSentOn()) {
      begin("call", entry.id(), entry, entry.at(), "no outcome was recorded before the export");
    }
  }

  private void begin(
      String kind, Optional<String> id, RecordedEntry entry, Instant due, String cause) {
    begun++;
    open.put(kind + " " + id.orElse(""), new Begun(entry.index(), due, cause));
  }

  private void end(String kind, Optional<String> id) {
    open.remove(kind + " " + id.orElse(""));
  }

  private static Instant due(RecordedEntry entry, String member) {
    try {
      return Instant.parse(entry.text(member).orElse(""));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("entry " + entry.index() + " has no `" + member + "`", e);
    }
  }

  /// A recorder that starts again cannot learn any more what became of the calls before.
  private void interrupt() {
    open.entrySet()
        .removeIf(one -> {
          boolean call = one.getKey().startsWith("call ");
          if (call) {
            var cause = "the recorder stopped before its outcome was known";
            interrupted.add(new Gap(one.getValue().index(), one.getKey(), cause));
          }
          return call;
        });
  }

  /// Returns what should have ended within the scope and is not seen to have, oldest first.
  public List<Gap> gaps() {
    var gaps = new ArrayList<>(interrupted);
    open.forEach((what, one) -> {
      if (scope.holds(one.due())) {
        gaps.add(new Gap(one.index(), what, one.cause()));
      }
    });
    gaps.sort(Comparator.comparingLong(Gap::index));
    return gaps;
  }

  /// Returns the share of what was begun and is no gap, in ten-thousandths; rounded down, and all
  /// when nothing was begun.
  public long figure() {
    return begun == 0 ? WHOLE : (begun - gaps().size()) * WHOLE / begun;
  }

  String text() {
    return CanonicalJson.text(toJson()) + "\n";
  }

  private ObjectNode toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    var gaps = gaps();
    json.put("begun", begun);
    json.put("figure", figure());
    json.put("gaps", gaps.size());
    var by = json.putObject("entries");
    counts.forEach(by::put);
    var shown = json.putArray("gapsShown");
    gaps.stream()
        .limit(GAPS_SHOWN_MAX)
        .forEach(gap ->
            shown
                .addObject()
                .put("index", gap.index())
                .put("what", gap.what())
                .put("cause", gap.cause()));
    return json;
  }
}
