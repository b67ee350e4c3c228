package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Obligation;
import dev.remit.server.approvals.Executed.What;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a judged request ends: sent on, with its outcome recorded, or refused, with the reason
/// recorded. The last steps of [GovernedCall] and of [HeldCall].
final class Delivery {
  private final InstantSource clock;
  private final CallRecords records;
  private final LastLook lastLook;
  private final Carriage carriage;
  private final MessageReader reader;
  private final GatewayConfig config;
  private final Looking looking;

  Delivery(
      InstantSource clock,
      CallRecords records,
      LastLook lastLook,
      Carriage carriage,
      MessageReader reader,
      GatewayConfig config,
      Looking looking) {
    this.clock = clock;
    this.records = records;
    this.lastLook = lastLook;
    this.carriage = carriage;
    this.reader = reader;
    this.config = config;
    this.looking = looking;
  }

  /// Sends on what was decided, if everything still stands, and records what became of it.
  void forward(Call call, Decision decision, AgentSide agent) throws AgentGone {
    forward(call, decision, agent, _ -> {});
  }

  /// The same for a call that is made under an approval.
  ///
  /// @param decision allows it, or allows only a part of the answer to pass
  /// @param keep told what became of it, before the agent is told of a failure
  void forward(Call call, Decision decision, AgentSide agent, Consumer<What> keep)
      throws AgentGone {
    var start = System.nanoTime();
    var refused = lastLook.of(call);
    var passed = rule(call, decision);
    var carried = refused.orElseGet(() -> send(call, agent, passed));
    keep.accept(refused.isPresent() ? new What.NotSent() : made(carried, passed));

    switch (carried) {
      case Carried.Ended(var outcome) -> ended(call, outcome, passed, Optional.empty(), start);
      case Carried.Failed(var outcome, var why) -> {
        ended(call, outcome, passed, Optional.of(why), start);
        Telling.tell(call, why, agent);
      }
      case Carried.Suspended() -> {
        // The outcome is recorded when the answer comes on a resumed stream, or the session ends.
      }
    }
  }

  /// What `decision` comes to while policy is observed only: nothing of an answer is held back.
  static Decision unenforced(Decision decision) {
    return decision instanceof Decision.Modify modify
        ? new Decision.Allow(modify.because(), modify.errors())
        : decision;
  }

  private Passed rule(Call call, Decision decision) {
    var redactions =
        decision instanceof Decision.Modify(_, var obligations, _)
            ? obligations.redactions()
            : List.<Obligation.Redact>of();
    var fields = redactions.stream().filter(redact -> !redact.isOfSecrets()).toList();
    var rest = fields.isEmpty() ? new Untouched() : new Redaction(fields, reader);
    return new Inspected(call, rest, fields.size() < redactions.size(), looking, reader);
  }

  /// Records that policy was not even asked, or cannot be followed, and tells the agent.
  void refuse(Call call, Refusal why, AgentSide agent) throws AgentGone {
    agent.show(call.id(), records.refused(call, why, clock.instant()));
    Telling.tell(call, why, agent);
  }

  /// The credential is opened by the route, for this call only and after its decision is durable.
  private Carried send(Call call, AgentSide agent, AnswerRule rule) {
    return carriage.carry(call, agent, rule, config.answerWithin());
  }

  private static What made(Carried carried, Passed passed) {
    if (carried instanceof Carried.Failed(_, Refusal.Unreachable _)) {
      return new What.NotSent();
    }
    byte[] answer = passed.answer();
    return answer == null ? new What.Unknown() : new What.Answered(answer);
  }

  private void ended(Call call, Outcome outcome, Passed passed, Optional<Refusal> why, long start) {
    var took = Duration.ofNanos(System.nanoTime() - start);
    records.ended(call, outcome, passed, why, took, clock.instant());
  }

  /// A rule that remembers the answer as the agent got it, and as a repeat will. Belongs to one
  /// exchange.
  sealed interface Passed extends AnswerRule permits Untouched, Redaction, Inspected {

    /// The answer, or null if none has passed.
    byte @Nullable [] answer();

    /// How many fields and secrets were replaced; empty where nothing was to be.
    default OptionalInt count() {
      return OptionalInt.empty();
    }

    /// Kinds of secrets that were seen in what came back, sorted.
    default List<String> secrets() {
      return List.of();
    }
  }

  /// Passes every answer as it is.
  static final class Untouched implements Passed {
    private byte @Nullable [] answer;

    @Override
    public Passing passing(Message.Answer message, byte[] bytes) {
      answer = bytes;
      return new Passing.Untouched();
    }

    @Override
    public byte @Nullable [] answer() {
      return answer;
    }
  }
}
