package dev.remit.conformance.runner;

import static java.util.Comparator.comparing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

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

  /// Returns this result with some scenarios replaced by those of another run.
  RunnerResult with(RunnerResult again) {
    var all = new TreeMap<>(scenarios);
    all.putAll(again.scenarios);
    return new RunnerResult(revision, all, notScored);
  }

  /// Returns the same without mere observations, in an order of its own: a client's scenario notes
  /// every request that it sees, in the order in which they happen to come.
  RunnerResult judged() {
    var all = new TreeMap<String, List<Check>>();
    scenarios.forEach((name, checks) ->
        all.put(
            name,
            checks.stream()
                .filter(check -> !check.status().equals("INFO"))
                .sorted(comparing(Check::id).thenComparing(Check::name))
                .toList()));
    return new RunnerResult(revision, all, notScored);
  }

  /// Returns the part of this result that tells of some scenarios.
  RunnerResult only(Predicate<String> which) {
    var some = new TreeMap<>(scenarios);
    some.keySet().removeIf(which.negate());
    return new RunnerResult(revision, some, notScored);
  }

  /// Returns the part of this result that tells of some checks, given scenario and check.
  RunnerResult only(BiPredicate<String, Check> which) {
    var some = new TreeMap<String, List<Check>>();
    scenarios.forEach((name, checks) -> {
      var kept = checks.stream().filter(check -> which.test(name, check)).toList();
      if (!kept.isEmpty()) {
        some.put(name, kept);
      }
    });
    return new RunnerResult(revision, some, notScored);
  }

  /// Says how many checks of a scenario passed, and how many failed.
  String cell(String scenario) {
    var checks = scenarios.getOrDefault(scenario, List.of());
    return count(checks, "SUCCESS") + " / " + count(checks, "FAILURE");
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

  private static long count(List<Check> checks, String status) {
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
