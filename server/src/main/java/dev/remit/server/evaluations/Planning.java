package dev.remit.server.evaluations;

import dev.remit.kernel.comparison.Axis;
import java.util.List;
import java.util.Optional;

/// What somebody wants tested, and what planning it comes to.
public final class Planning {
  private Planning() {}

  /// A wish, before it is a plan.
  ///
  /// @param suites names; empty for one of each axis
  /// @param candidate name of an endpoint
  /// @param baseline the same
  /// @param judge the same
  public record Wish(
      List<String> suites,
      String candidate,
      Optional<String> baseline,
      Optional<String> judge,
      int repeats,
      double margin,
      double confidence,
      boolean sequential,
      boolean labels,
      int sample,
      Plan.Budget budget) {
    public Wish {
      suites = List.copyOf(suites);
    }
  }

  /// What a suite can show.
  ///
  /// @param smallest margin that an equal candidate would be seen to keep in four of five runs,
  ///   with one case in twenty differing by chance; empty if none up to a half
  public record Support(String suite, Axis axis, int cases, Optional<Double> smallest) {}

  /// What comes of a wish.
  public sealed interface Result {

    /// It is frozen and recorded.
    record Ready(Progress progress, List<Support> support) implements Result {}

    /// It cannot be planned, and why.
    record Wrong(String why, String next) implements Result {}
  }
}
