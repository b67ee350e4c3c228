package dev.remit.server.decisions;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Which tools the grants that hold name and nobody has called with them, as far back as is looked.
/// A grant that is broader than its use is authority that nobody would miss.
///
/// A call counts however it was decided, since it shows that the tool is wanted; a list does not.
/// What was recorded by another node is not seen, and a grant may be younger than what is looked
/// at: `since` says how far back that is.
final class GrantUse {
  /// Decisions that are looked at, at most.
  static final int LAST_MAX = 1_000_000;

  static final int LAST_DEFAULT = 100_000;
  private static final int PAGE = 1_000;
  private static final int GRANTS_MAX = 500;

  private final Registered registered;
  private final Set<Use> uses = new HashSet<>();
  private int looked;
  private String since = "";

  private record Use(IdentityName identity, String tool) {}

  /// One grant and what of it was not used.
  private record Broad(Grant grant, int named, List<String> unused) {}

  private GrantUse(Registered registered) {
    this.registered = registered;
  }

  /// @param last how many of the newest decisions are looked at
  static ObjectNode of(LedgerReader ledger, Registered registered, int last, Instant now) {
    var report = new GrantUse(registered);
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
    return report.toJson(now);
  }

  private void add(RecordedEntry entry) {
    looked++;
    since = entry.at().toString();
    entry
        .text("identity")
        .flatMap(id -> registered.identity(new SpiffeId(id)))
        .ifPresent(identity -> uses.add(new Use(identity.name(), entry.text("target").orElse(""))));
  }

  private ObjectNode toJson(Instant now) {
    var broad =
        registered.grants().stream()
            .filter(grant -> !grant.isExpired(now))
            .map(this::broad)
            .filter(one -> !one.unused.isEmpty())
            .sorted(
                Comparator.comparingInt((Broad one) -> -one.unused.size())
                    .thenComparing(one -> one.grant.name()))
            .toList();
    var json = JsonMapper.shared().createObjectNode();
    json.put("decisions", looked).put("since", since).put("grants", broad.size());
    var items = json.putArray("items");
    for (var one : broad.subList(0, Math.min(broad.size(), GRANTS_MAX))) {
      var item =
          items
              .addObject()
              .put("grant", one.grant.name().value())
              .put("identity", one.grant.identity().value())
              .put("resource", one.grant.resource().value())
              .put("tools", one.named);
      one.unused.forEach(item.putArray("unused")::add);
    }
    return json;
  }

  private Broad broad(Grant grant) {
    var named =
        registered.tools(grant.resource()).stream()
            .filter(grant::names)
            .map(Tool::name)
            .sorted()
            .toList();
    var unused =
        named.stream()
            .filter(tool -> !uses.contains(new Use(grant.identity(), tool.toString())))
            .map(tool -> tool.tool())
            .toList();
    return new Broad(grant, named.size(), unused);
  }
}
