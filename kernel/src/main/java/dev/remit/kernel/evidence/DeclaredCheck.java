package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Compares what a bundle says was declared with the digests in the entries that say so.
final class DeclaredCheck {
  private final Map<String, Snapshot> snapshots = new LinkedHashMap<>();
  private final Map<String, String> digests = new LinkedHashMap<>();

  void add(Snapshot snapshot) {
    if (snapshots.put(snapshot.place(), snapshot) != null) {
      throw new IllegalArgumentException(snapshot.place() + " is there twice");
    }
  }

  void add(RecordedEntry entry) {
    if (entry.type() == EntryType.REGISTRY_CHANGED) {
      entry.text("after").ifPresent(digest -> digests.put(place(entry), digest));
    }
  }

  private static String place(RecordedEntry entry) {
    return Snapshot.place(
        entry.text("kind").orElse(""),
        entry.text("name").orElse(""),
        entry.content().path("revision").asLong(0));
  }

  /// Adds what does not agree to `damages`, or what was compared to `proved`.
  void compare(List<String> damages, List<String> proved) {
    int known = damages.size();
    for (var snapshot : snapshots.values()) {
      var digest = digests.remove(snapshot.place());
      if (digest == null) {
        damages.add("no entry says that " + snapshot.place() + " was declared");
      } else if (!digest.equals(snapshot.digest().value())) {
        damages.add(snapshot.place() + " is not what its entry says was declared");
      }
    }
    digests.keySet().forEach(place -> damages.add("what " + place + " declared is missing"));
    if (damages.size() == known && !snapshots.isEmpty()) {
      proved.add("%,d declarations are what their entries say".formatted(snapshots.size()));
    }
  }
}
