package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Holds the logs of a deployment against what its root log has seen of them: none is missing, and
/// each continues what was recorded of it. The root log must have been verified before.
///
/// Source: `docs/formats/ledger-entry.md`, `log.seen`.
public final class RootCheck {
  private final Map<String, Seen> seen = new TreeMap<>();

  private record Seen(long size, Hash root) {}

  /// Takes the next entry of the root log.
  ///
  /// @throws IllegalArgumentException if it is a `log.seen` that does not say what was seen
  public void next(RecordedEntry entry) {
    if (entry.type() == EntryType.LOG_SEEN) {
      seen.put(
          entry.of().orElseThrow(() -> new IllegalArgumentException("it names no log")),
          new Seen(entry.number("size"), Hash.ofBase64(entry.text("root").orElse(""))));
    }
  }

  /// How many logs the root log tells of.
  public int logs() {
    return seen.size();
  }

  /// Returns what is wrong, a sentence each.
  ///
  /// @param logs the files of each log that there is, by origin; verified before
  /// @param sizes how many entries each has
  public List<String> compare(Map<String, LedgerFiles> logs, Map<String, Long> sizes) {
    var wrong = new ArrayList<String>();
    seen.forEach((origin, known) -> {
      var files = Optional.ofNullable(logs.get(origin));
      long size = sizes.getOrDefault(origin, 0L);
      if (files.isEmpty()) {
        wrong.add("the root log has seen `" + origin + "`, which is not there");
      } else if (size < known.size()) {
        wrong.add(
            "the root log has seen %,d entries of `%s`, which has %,d"
                .formatted(known.size(), origin, size));
      } else if (!Proofs.root(new FileNodes(files.get(), size), known.size())
          .equals(known.root())) {
        wrong.add(
            "the first %,d entries of `%s` are not those that the root log has seen"
                .formatted(known.size(), origin));
      }
    });
    return wrong;
  }
}
