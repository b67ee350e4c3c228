package dev.remit.server.evaluations;

import dev.remit.server.evaluations.Plan.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a run has cost so far. Safe for use by many threads.
final class Spent {
  private final Budget budget;
  private final Instant since;
  private long questions;
  private long tokens;
  private long microcents;

  Spent(Budget budget, Instant since, List<Answered> before) {
    this.budget = budget;
    this.since = since;
    before.forEach(this::add);
  }

  synchronized void add(Answered answered) {
    questions++;
    tokens += answered.tokens();
    microcents += answered.microcents();
  }

  /// Returns which part of the budget is used up, if one is.
  synchronized Optional<String> exhausted(Instant now) {
    if (questions >= budget.questions()) {
      return Optional.of("questions");
    }
    if (tokens >= budget.tokens()) {
      return Optional.of("tokens");
    }
    if (budget.cents() > 0 && microcents >= budget.cents() * 1_000_000) {
      return Optional.of("cents");
    }
    return Duration.between(since, now).toSeconds() >= budget.seconds()
        ? Optional.of("seconds")
        : Optional.empty();
  }
}
