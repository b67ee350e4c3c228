package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.gateway.wire.Message;
import java.time.Duration;
import java.time.InstantSource;

/// How a judged request ends: sent on, with its outcome recorded, or refused, with the reason
/// recorded. The last steps of [GovernedCall] and of [HeldCall].
final class Delivery {
  private final InstantSource clock;
  private final CallRecords records;
  private final LastLook lastLook;
  private final Carriage carriage;
  private final GatewayConfig config;

  Delivery(
      InstantSource clock,
      CallRecords records,
      LastLook lastLook,
      Carriage carriage,
      GatewayConfig config) {
    this.clock = clock;
    this.records = records;
    this.lastLook = lastLook;
    this.carriage = carriage;
    this.config = config;
  }

  /// Sends on what was decided, if everything still stands, and records what became of it.
  void forward(Call call, Asked asked, AgentSide agent) throws AgentGone {
    var start = System.nanoTime();
    var carried = lastLook.of(call, asked).orElseGet(() -> send(call, agent));

    switch (carried) {
      case Carried.Ended(var outcome) -> ended(call, outcome, start);
      case Carried.Failed(var outcome, var why) -> {
        ended(call, outcome, start);
        Telling.tell(call, why, agent);
      }
      case Carried.Suspended() -> {
        // The outcome is recorded when the answer comes on a resumed stream, or the session ends.
      }
    }
  }

  /// Records that policy was not even asked, or cannot be followed, and tells the agent.
  void refuse(Call call, Refusal why, AgentSide agent) throws AgentGone {
    agent.show(call.id(), records.refused(call, why, clock.instant()));
    Telling.tell(call, why, agent);
  }

  /// The credential is opened by the route, for this call only and after its decision is durable.
  private Carried send(Call call, AgentSide agent) {
    return carriage.carry(call, agent, Delivery::untouched, config.answerWithin());
  }

  private void ended(Call call, Outcome outcome, long start) {
    var took = Duration.ofNanos(System.nanoTime() - start);
    records.ended(call, outcome, took, clock.instant());
  }

  static Refusal notNarrowed(Decision.Modify modify) {
    return new Refusal.DeniedByPolicy(
        Decision.Deny.unfulfilled(
            modify.because(), modify.errors(), "this call cannot be narrowed"));
  }

  private static AnswerRule.Passing untouched(Message.Answer answer, byte[] bytes) {
    return new AnswerRule.Passing.Untouched();
  }
}
