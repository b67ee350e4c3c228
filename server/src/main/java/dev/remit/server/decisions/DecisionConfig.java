package dev.remit.server.decisions;

import dev.remit.server.risk.RiskRules;

/// What bounds deciding, and checking that it is decided right.
///
/// @param engine which of the two evaluators answers calls
/// @param gateRequests requests made for each new policy set, on which both must agree
/// @param gateDecisions recorded decisions on which both must agree
/// @param replay recorded decisions that a plan makes again when nothing else is asked
/// @param replayMax the most that one may ask for
/// @param secondOpinionEvery one of how many live decisions the other evaluator makes again; 0 for
///   none
/// @param secondOpinionsWaitingMax how many of these may wait; further ones are dropped and counted
/// @param risk how the risk that policies see is weighed
public record DecisionConfig(
    DecisionEngine engine,
    int gateRequests,
    int gateDecisions,
    int replay,
    int replayMax,
    int secondOpinionEvery,
    int secondOpinionsWaitingMax,
    RiskRules risk) {
  public static final DecisionConfig DEFAULT =
      new DecisionConfig(
          DecisionEngine.COMPILED, 2_000, 1_000, 1_000, 1_000_000, 100, 256, RiskRules.DEFAULT);
}
