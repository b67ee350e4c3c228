package dev.remit.kernel.promotion;

import dev.remit.kernel.evidence.BundleEntries;
import dev.remit.kernel.evidence.BundleParts;
import dev.remit.kernel.evidence.Scope;
import dev.remit.kernel.evidence.Selection;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Asks the gate again, of an evidence bundle and without the server, and compares what it comes to
/// with what was recorded when somebody asked for the promotion.
///
/// What a bundle does not carry is named, not skipped in silence: which findings were open, and
/// which of them two people had accepted.
public final class GateAudit {
  private static final Map<String, String> NOT_IN_A_BUNDLE =
      Map.of(
          "findings-accepted",
          "a bundle does not carry which findings were open and accepted",
          GateItem.SAFETY,
          "a bundle does not carry which change governed what was declared then");

  private GateAudit() {}

  /// What came of one promotion.
  ///
  /// @param promotion its id
  /// @param agreed items that come to the same again
  /// @param differ items that do not, a sentence each
  /// @param notComputed items that the bundle cannot show, and why
  public record Recomputed(
      String promotion,
      String workflow,
      List<String> agreed,
      List<String> differ,
      List<String> notComputed) {
    public Recomputed {
      agreed = List.copyOf(agreed);
      differ = List.copyOf(differ);
      notComputed = List.copyOf(notComputed);
    }

    public boolean holds() {
      return differ.isEmpty() && !agreed.isEmpty();
    }
  }

  /// Recomputes every promotion that a bundle of a workflow, verified before, tells of.
  public static List<Recomputed> of(BundleParts bundle) {
    return of(BundleEntries.of(bundle));
  }

  /// The same of what was read from one.
  public static List<Recomputed> of(BundleEntries known) {
    return known.entries().stream()
        .filter(entry -> entry.type() == EntryType.PROMOTION_REQUESTED)
        .map(entry -> recomputed(known, entry))
        .toList();
  }

  private static Recomputed recomputed(BundleEntries known, RecordedEntry asked) {
    var id = asked.id().orElse("");
    var workflow = asked.text("workflow").orElse("");
    var from = Instant.parse(asked.text("from").orElse(""));
    var until = Instant.parse(asked.text("until").orElse(""));
    if (known.scope().from().isAfter(from) || known.scope().to().isBefore(until)) {
      return new Recomputed(
          id,
          workflow,
          List.of(),
          List.of(),
          List.of("all: the gate had looked from " + from + ", and the bundle begins later"));
    }
    var scope = new Scope(Scope.Kind.WORKFLOW, workflow, from, until, known.scope().related());
    var gate = new Gate(scope, GateRules.of(asked.content().path("rules")));
    known.declared().forEach(gate::declare);
    var selection = new Selection(scope);
    for (var entry : known.entries()) {
      if (wasThere(entry, asked.content().path("logs")) && selection.takes(entry)) {
        gate.add(entry);
      }
    }
    return compared(id, workflow, asked.content().path("items"), gate.items());
  }

  /// Whether its log had come so far when the gate was asked.
  private static boolean wasThere(RecordedEntry entry, JsonNode logs) {
    return entry.index() < logs.path(entry.text("producer").orElse("")).asLong(0);
  }

  private static Recomputed compared(
      String id, String workflow, JsonNode recorded, List<GateItem> again) {
    var now = new HashMap<String, JsonNode>();
    again.forEach(item -> now.put(item.item(), item.toJson()));
    var agreed = new ArrayList<String>();
    var differ = new ArrayList<String>();
    var not = new ArrayList<String>();
    for (var was : recorded) {
      var item = was.path("item").asString("");
      if (NOT_IN_A_BUNDLE.containsKey(item)) {
        not.add(item + ": " + NOT_IN_A_BUNDLE.get(item));
      } else if (was.equals(now.remove(item))) {
        agreed.add(item);
      } else {
        differ.add(difference(item, was, again));
      }
    }
    now.keySet().forEach(item -> differ.add(item + ": was not recorded"));
    return new Recomputed(id, workflow, agreed, differ, not);
  }

  private static String difference(String item, JsonNode was, List<GateItem> again) {
    var by = new HashMap<String, GateItem>();
    again.forEach(one -> by.put(one.item(), one));
    var now = by.get(item);
    return "%s: recorded as %s (%s), and the bundle says %s"
        .formatted(
            item,
            was.path("verdict").asString(""),
            was.path("says").asString(""),
            now == null ? "nothing" : now.verdict().word() + " (" + now.says() + ")");
  }
}
