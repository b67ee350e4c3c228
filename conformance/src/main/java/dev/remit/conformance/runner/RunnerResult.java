package dev.remit.conformance.runner;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one run of the official runner found.
///
/// @param revision the protocol revision whose requirements were run
/// @param scenarios the checks of each scenario, in the runner's order
/// @param notScored the scenarios that the revision runs without counting them
public record RunnerResult(
    String revision, SortedMap<String, List<Check>> scenarios, Set<String> notScored) {

  public RunnerResult {
    scenarios = new TreeMap<>(scenarios);
    notScored = Set.copyOf(notScored);
  }

  /// How many checks passed, as the runner counts them.
  public long passed() {
    return count("SUCCESS", true) + count("SUCCESS", false);
  }

  /// How many checks failed in scenarios that count.
  public long failedScored() {
    return count("FAILURE", true);
  }

  /// How many checks failed in scenarios that do not count.
  public long failedNotScored() {
    return count("FAILURE", false);
  }

  static long count(List<Check> checks, String status) {
    return checks.stream().filter(check -> check.status().equals(status)).count();
  }

  private long count(String status, boolean scored) {
    return scenarios.entrySet().stream()
        .filter(scenario -> notScored.contains(scenario.getKey()) != scored)
        .map(Map.Entry::getValue)
        .mapToLong(checks -> count(checks, status))
        .sum();
  }
}
