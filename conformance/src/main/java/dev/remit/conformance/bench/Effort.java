package dev.remit.conformance.bench;

/// How much work a benchmark puts in: all of it for figures that are kept, or so little that one
/// only sees whether it runs.
enum Effort {
  FULL(5, 4_000, 10),
  BRIEF(1, 128, 0);

  /// Measured rounds of each contender; the median counts.
  final int rounds;

  /// Calls in a round, at most.
  final int calls;

  /// How long each contender is loaded before anything is measured.
  final int warmUpSeconds;

  Effort(int rounds, int calls, int warmUpSeconds) {
    this.rounds = rounds;
    this.calls = calls;
    this.warmUpSeconds = warmUpSeconds;
  }
}
