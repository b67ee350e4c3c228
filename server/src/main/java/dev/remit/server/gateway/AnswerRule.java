package dev.remit.server.gateway;

import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.wire.Message;

/// What is done with the answer to a request before the agent sees it.
interface AnswerRule {

  /// Called once the answer has begun, before anything of it reaches the agent.
  default void begins(Arrival arrival) {}

  /// Whether nothing may reach the agent that [#passing] or [#telling] has not judged: no body that
  /// is no answer, no request of the server, and no answer on another stream.
  default boolean isStrict() {
    return false;
  }

  /// Looks at what the server tells before it answers.
  default Passing telling(Message.Notice notice, byte[] bytes) {
    return new Passing.Untouched();
  }

  /// Looks at what an upstream says that is no answer, such as the body of an error of its own;
  /// asked only if this rule is not strict.
  default Passing words(byte[] body) {
    return new Passing.Untouched();
  }

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
