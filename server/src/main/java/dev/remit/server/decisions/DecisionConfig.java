package dev.remit.server.decisions;

/// What bounds deciding, and checking that it is decided right.
///
/// @param engine which of the two evaluators answers calls
/// @param replay recorded decisions that a plan makes again when nothing else is asked
/// @param replayMax the most that one may ask for
public record DecisionConfig(DecisionEngine engine, int replay, int replayMax) {
  public static final DecisionConfig DEFAULT =
      new DecisionConfig(DecisionEngine.COMPILED, 1_000, 1_000_000);

  public DecisionConfig with(DecisionEngine other) {
    return new DecisionConfig(other, replay, replayMax);
  }
}
