package dev.remit.server.export;

import java.time.Duration;

/// One export as it is configured.
///
/// @param name tells it from others of this node, and finds its position again
/// @param fromNow whether it begins with what is recorded after its first start, not with the log
public record ExportConfig(
    String name, Target target, Filter filter, boolean fromNow, Bounds bounds) {

  /// How much at once, how long, and how often.
  ///
  /// @param batchMax entries between two positions that are stored
  /// @param retryMin shortest wait after a failure; it doubles, to `retryMax`
  /// @param triesMax refusals of one entry after which it is set aside
  /// @param heldMax entries that may wait for another try while others are sent
  /// @param refusedAfter how long a destination may fail before that is a finding
  /// @param lagMax entries that may be unsent before that is a finding
  public record Bounds(
      int batchMax,
      Duration answerWithin,
      Duration pollEvery,
      Duration retryMin,
      Duration retryMax,
      int triesMax,
      int heldMax,
      Duration refusedAfter,
      long lagMax) {}
}
