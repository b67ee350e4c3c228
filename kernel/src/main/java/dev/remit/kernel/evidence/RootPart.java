package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Holds the logs of a bundle against what the root log says of them: these are all that it knew,
/// and each is exactly what it had seen last.
final class RootPart {
  private final Map<String, RecordedEntry> seen = new TreeMap<>();
  private @Nullable RecordedEntry newest;
  private final List<Long> after = new ArrayList<>();

  /// Takes the root log's next entry in the bundle.
  void next(RecordedEntry entry) {
    if (entry.type() == EntryType.LOG_SEEN) {
      seen.put(entry.of().orElse(""), entry);
      newest = entry;
      after.clear();
    } else {
      after.add(entry.index());
    }
  }

  /// Adds what does not agree to `damages`, or what was compared to `proved`.
  ///
  /// @param size of the root log
  void compare(long size, List<LogPart> logs, List<String> damages, List<String> proved) {
    int known = damages.size();
    var last = newest;
    if (last == null) {
      damages.add("the root log says of no log how far it has come");
      return;
    }
    if (!isEnd(last.index(), size)) {
      damages.add("the root log's entries from " + (last.index() + 1) + " on are not all there");
    }
    for (var log : logs) {
      compare(log, Optional.ofNullable(seen.remove(log.listed().origin())), damages);
    }
    seen.keySet()
        .forEach(origin ->
            damages.add("the root log has seen `" + origin + "`, of which nothing is here"));
    if (!set(logs).value().equals(last.text("set").orElse(""))) {
      damages.add("the logs are not those that the root log knew");
    }
    if (damages.size() == known) {
      var all = logs.size() == 1 ? "1 log is all" : "%,d logs are all".formatted(logs.size());
      proved.add(
          "%s that the root log knew at %s, each as it was seen last"
              .formatted(all, last.text("at").orElse("")));
    }
  }

  private boolean isEnd(long newestIndex, long size) {
    if (after.size() != size - newestIndex - 1) {
      return false;
    }
    for (int i = 0; i < after.size(); i++) {
      if (after.get(i) != newestIndex + 1 + i) {
        return false;
      }
    }
    return true;
  }

  private static void compare(LogPart log, Optional<RecordedEntry> seen, List<String> damages) {
    var listed = log.listed();
    if (seen.isEmpty()) {
      damages.add("the root log has not seen `" + listed.origin() + "`");
      return;
    }
    var content = seen.get().content();
    boolean agrees =
        content.path("node").asString("").equals(listed.name())
            && content.path("size").asLong(-1) == listed.size()
            && content.path("root").asString("").equals(listed.root())
            && content.path("checkpoint").asString("").equals(Digest.of(log.note()).value());
    if (!agrees) {
      damages.add("`" + listed.name() + "`: the checkpoint is not the one that the root log saw");
    }
  }

  private static Digest set(List<LogPart> logs) {
    var origins = new TreeSet<String>();
    logs.forEach(log -> origins.add(log.listed().origin()));
    var array = JsonNodeFactory.instance.arrayNode();
    origins.forEach(array::add);
    return CanonicalJson.digest(array);
  }
}
