package dev.remit.server.gateway;

import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.wire.Message;

/// What is done with the answer to a request before the agent sees it.
interface AnswerRule {

  /// Called once the answer has begun, before anything of it reaches the agent.
  default void begins(Arrival arrival) {}

  /// Looks at the answer itself.
  Passing passing(Message.Answer answer, byte[] bytes);

  /// What the agent gets of it.
  sealed interface Passing {

    /// The answer as it came.
    record Untouched() implements Passing {}

    /// Another message instead.
    @SuppressWarnings("ArrayRecordComponent") // passed on once and never compared
    record Replaced(byte[] bytes) implements Passing {}

    /// A refusal instead.
    record Withheld(Refusal why) implements Passing {}
  }
}
