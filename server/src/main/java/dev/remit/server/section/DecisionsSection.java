package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.decisions.DecisionEngine;
import dev.remit.server.settings.Setting;

/// Which engine answers, and how it is checked that it answers right.
public record DecisionsSection(
    @Setting(
            value = "compiled",
            says = "evaluator on the path of calls; both give the same answers")
        DecisionEngine engine,
    @Setting(
            value = "2000",
            says = "requests made for each new policy set, on which both evaluators must agree")
        int gateRequests,
    @Setting(
            value = "1000",
            says = "newest recorded decisions on which both evaluators must agree as well")
        int gateDecisions,
    @Setting(
            value = "1000",
            says = "recorded decisions that a plan makes again when it is not said how many")
        int replay,
    @Setting(value = "1000000", says = "most that one plan may ask for") int replayMax,
    @Setting(
            value = "100",
            says =
                "one of how many live decisions the other evaluator makes again, off the path of"
                    + " calls; 0 for none",
            formerly = "shadowEvery")
        int secondOpinionEvery,
    @Setting(
            value = "256",
            says = "how many of these may wait; further ones are dropped",
            formerly = "shadowWaitingMax")
        int secondOpinionsWaitingMax) {
  public DecisionsSection {
    between("secondOpinionEvery", secondOpinionEvery, 0, 1_000_000);
    between("secondOpinionsWaitingMax", secondOpinionsWaitingMax, 1, 100_000);
    between("gateRequests", gateRequests, 100, 1_000_000);
    between("gateDecisions", gateDecisions, 0, 1_000_000);
    between("replayMax", replayMax, 0, 10_000_000);
    between("replay", replay, 0, replayMax);
  }
}
