package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// How complete the evidence about a scope is: of what was begun, how much is seen to have ended.
///
/// A call that was let through must have an outcome; a task whose time is over must have ended; a
/// held call whose time is over must have been settled; a credential whose time is over must be
/// gone. Each that is missing is a gap, with its cause. Entries are added oldest first.
public final class Completeness {
  private static final int GAPS_SHOWN_MAX = 1_000;
  private static final int WHOLE = 10_000;

  private final Scope scope;
  private final boolean several;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Begun> open = new LinkedHashMap<>();
  private final List<Ordered> interrupted = new ArrayList<>();
  private long begun;

  /// Something that began and is not seen to have ended.
  ///
  /// @param index of the entry that says it began
  /// @param node whose log that entry is in
  /// @param what its kind and id
  /// @param cause why no end is known
  public record Gap(long index, String node, String what, String cause) {}

  /// @param order how many had begun before it
  private record Begun(long order, Pair pair, RecordedEntry entry, Instant due, String cause) {
    Gap gap(String what) {
      return new Gap(entry.index(), node(entry), what, cause);
    }
  }

  private record Ordered(long order, Gap gap) {}

  /// @param several whether entries of several logs are added, so that an index alone names none
  public Completeness(Scope scope, boolean several) {
    this.scope = scope;
    this.several = several;
  }

  private static String node(RecordedEntry entry) {
    return entry.text("producer").orElse("");
  }

  public void add(RecordedEntry entry) {
    counts.merge(entry.type().word(), 1L, Long::sum);
    for (var pair : Pair.values()) {
      if (pair.begins(entry)) {
        open.put(pair.begun(entry), new Begun(begun, pair, entry, pair.due(entry), pair.cause()));
        begun++;
      }
      if (pair.ends(entry)) {
        open.remove(pair.ended(entry));
      }
    }
    if (entry.type() == EntryType.BOOT) {
      interrupt(node(entry));
    }
  }

  /// A recorder that starts again cannot learn any more what became of its calls before.
  private void interrupt(String node) {
    open.entrySet()
        .removeIf(one -> {
          var begins = one.getValue();
          boolean call = begins.pair() == Pair.CALL && node(begins.entry()).equals(node);
          if (call) {
            var cause = "the recorder stopped before its outcome was known";
            var gap = new Gap(begins.entry().index(), node, one.getKey(), cause);
            interrupted.add(new Ordered(begins.order(), gap));
          }
          return call;
        });
  }

  /// Returns what should have ended within the scope and is not seen to have, oldest first.
  public List<Gap> gaps() {
    var gaps = new ArrayList<>(interrupted);
    open.forEach((what, one) -> {
      if (scope.holds(one.due())) {
        gaps.add(new Ordered(one.order(), one.gap(what)));
      }
    });
    gaps.sort(Comparator.comparingLong(Ordered::order));
    return gaps.stream().map(Ordered::gap).toList();
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
        .forEach(gap -> {
          var one =
              shown
                  .addObject()
                  .put("index", gap.index())
                  .put("what", gap.what())
                  .put("cause", gap.cause());
          if (several) {
            one.put("node", gap.node());
          }
        });
    return json;
  }
}
