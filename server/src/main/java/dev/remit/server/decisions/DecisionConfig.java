package dev.remit.server.decisions;

/// What bounds deciding, and checking that it is decided right.
///
/// @param engine which of the two evaluators answers calls
/// @param gateRequests requests made for each new policy set, on which both must agree
/// @param gateDecisions recorded decisions on which both must agree
/// @param replay recorded decisions that a plan makes again when nothing else is asked
/// @param replayMax the most that one may ask for
public record DecisionConfig(
    DecisionEngine engine, int gateRequests, int gateDecisions, int replay, int replayMax) {
  public static final DecisionConfig DEFAULT =
      new DecisionConfig(DecisionEngine.COMPILED, 2_000, 1_000, 1_000, 1_000_000);

  public DecisionConfig with(DecisionEngine other) {
    return new DecisionConfig(other, gateRequests, gateDecisions, replay, replayMax);
  }

  /// The same with a gate that tries less.
  DecisionConfig trying(int requests, int decisions) {
    return new DecisionConfig(engine, requests, decisions, replay, replayMax);
  }
}
