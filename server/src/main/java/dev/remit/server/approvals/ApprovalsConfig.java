package dev.remit.server.approvals;

import java.time.Duration;

/// The limits of held calls and of what is kept of executed ones.
///
/// @param outcomeFor how long the outcome of a call made under an approval is kept for a repeat
/// @param outcomeBytesMax the longest answer that is kept
public record ApprovalsConfig(
    Duration outcomeFor,
    int outcomeBytesMax,
    Reminding reminding,
    ForTask forTask,
    Crowding crowding) {
  public static final ApprovalsConfig DEFAULT =
      new ApprovalsConfig(
          Duration.ofMinutes(10),
          1024 * 1024,
          new Reminding(50, 80),
          new ForTask(100, Duration.ofHours(1)),
          new Crowding(20, 100, 500, 120, Duration.ofMinutes(10)));

  /// The defaults, but for what is kept.
  public ApprovalsConfig(Duration outcomeFor, int outcomeBytesMax) {
    this(outcomeFor, outcomeBytesMax, DEFAULT.reminding, DEFAULT.forTask, DEFAULT.crowding);
  }

  /// When people are told again: after how many hundredths of the time that a held call has.
  public record Reminding(int remindAfterPercent, int escalateAfterPercent) {}

  /// To how much one answer can be good in a task, whatever policy says.
  public record ForTask(int usesMax, Duration lastsMax) {}

  /// How much people are asked at once: how many held calls wait under one task, one identity and
  /// one workflow, and for how many an identity may ask within a time.
  public record Crowding(
      int taskMax, int identityMax, int workflowMax, int askedMax, Duration askedWithin) {}
}
