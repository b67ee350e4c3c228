package dev.remit.server.gateway;

/// What came of carrying a request to its upstream and the answer back.
sealed interface Carried {

  /// It is over, and the agent has what there is.
  record Ended(Outcome outcome) implements Carried {}

  /// It is over, and the agent still has to be told why there is no answer.
  record Failed(Outcome outcome, Refusal why) implements Carried {}

  /// The stream ended in order before the answer, which may still come on a resumed one.
  record Suspended() implements Carried {}
}
