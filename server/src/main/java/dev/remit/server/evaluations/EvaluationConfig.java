package dev.remit.server.evaluations;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How evaluations are run.
///
/// @param endpoints whom may be asked, by their names
/// @param concurrency questions under way at once in one run
/// @param lease how long a node that has stopped keeps its turn
/// @param probes fixed questions that are asked of models in use
public record EvaluationConfig(
    List<Endpoint> endpoints, int concurrency, Duration lease, List<Probes> probes) {
  public EvaluationConfig {
    endpoints = List.copyOf(endpoints);
    probes = List.copyOf(probes);
  }

  Optional<Endpoint> endpoint(String name) {
    return endpoints.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /// One set of probes.
  ///
  /// @param approved the share of them that may fail in the long run
  /// @param falseAlarmDays mean days until a false alarm, at least
  /// @param every how often they are asked
  public record Probes(
      String name,
      String endpoint,
      String suite,
      double approved,
      double falseAlarmDays,
      Duration every) {}
}
