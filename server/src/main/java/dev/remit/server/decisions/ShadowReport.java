package dev.remit.server.decisions;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerReader;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a policy in shadow would have changed, read from the decisions that were recorded with it
/// and grouped by who asked for what.
final class ShadowReport {
  /// Decisions that are looked at, at most.
  static final int LAST_MAX = 100_000;

  static final int LAST_DEFAULT = 10_000;
  private static final int PAGE = 1_000;
  private static final int GROUPS_MAX = 200;

  private final String policy;
  private final Map<Group, Seen> groups = new HashMap<>();
  private int looked;
  private int changed;
  private String since = "";

  private record Group(String identity, String resource, String tool, String was, String would) {}

  /// @param last the id of the newest of them
  private record Seen(int count, String last) {}

  private ShadowReport(String policy) {
    this.policy = policy;
  }

  static ObjectNode of(LedgerReader ledger, String policy, int last) {
    var report = new ShadowReport(policy);
    long before = Long.MAX_VALUE;
    while (report.looked < last) {
      int limit = Math.min(PAGE, last - report.looked);
      var page = ledger.newest(EntryType.CALL_DECIDED, QuestionJson.BODY, before, limit);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(stored -> report.add(stored.entry()));
      before = page.getLast().index();
    }
    return report.toJson();
  }

  private void add(RecordedEntry entry) {
    looked++;
    since = entry.at().toString();
    for (var one : entry.content().path("shadow")) {
      var text = one.asString("");
      int colon = text.indexOf(": ");
      if (colon > 0 && text.substring(0, colon).equals(policy)) {
        changed++;
        var group =
            new Group(
                text(entry, "identity"),
                text(entry, "resource"),
                text(entry, "target"),
                text(entry, "decision"),
                text.substring(colon + 2));
        groups.merge(
            group,
            new Seen(1, entry.id().orElse("")),
            (newer, _) -> new Seen(newer.count() + 1, newer.last()));
      }
    }
  }

  private static String text(RecordedEntry entry, String member) {
    return entry.text(member).orElse("");
  }

  private ObjectNode toJson() {
    var json = JsonMapper.shared().createObjectNode();
    json.put("policy", policy).put("decisions", looked).put("changed", changed).put("since", since);
    var all = json.putArray("groups");
    groups.entrySet().stream()
        .sorted(Comparator.comparingInt(group -> -group.getValue().count()))
        .limit(GROUPS_MAX)
        .forEach(group ->
            all.addObject()
                .put("count", group.getValue().count())
                .put("identity", group.getKey().identity())
                .put("resource", group.getKey().resource())
                .put("tool", group.getKey().tool())
                .put("was", group.getKey().was())
                .put("would", group.getKey().would())
                .put("last", group.getValue().last()));
    return json;
  }
}
