package dev.remit.kernel.state;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What replaying a ledger against the tables has shown.
///
/// @param entries how many entries were replayed
/// @param rows how many rows of each kind were compared
/// @param disorder what is wrong with the order of changes: numbers that are missing or there twice
/// @param disagreements the first 1,000 of them, by kind and key
/// @param count how many there are
public record StateReport(
    long entries,
    Map<String, Long> rows,
    List<String> disorder,
    List<Disagreement> disagreements,
    long count) {

  public StateReport {
    rows = java.util.Collections.unmodifiableMap(new TreeMap<>(rows));
    disorder = List.copyOf(disorder);
    disagreements = List.copyOf(disagreements);
  }

  public boolean holds() {
    return count == 0 && disorder.isEmpty();
  }

  public long compared() {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }
}
