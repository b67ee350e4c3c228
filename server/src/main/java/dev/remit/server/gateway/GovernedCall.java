package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.CallFacts;
import java.time.InstantSource;
import java.util.Optional;

/// Carries one decided request (`tools/call`, `prompts/get`, `resources/read`, …) from an agent to
/// its server and back. This file is the whole path behind the [Door], where the token and standing
/// were checked: read it from top to bottom to know what is enforced, and in which order. What a
/// person has to agree to goes on in [HeldCall].
///
/// Blocks; runs on its own virtual thread. Throws only when something it needs cannot be reached,
/// and always before anything has been sent.
final class GovernedCall {
  private final InstantSource clock;
  private final Coverage coverage;
  private final Judging judging;
  private final Glass glass;
  private final CallRecords records;
  private final HeldCall held;
  private final Delivery delivery;

  GovernedCall(
      InstantSource clock,
      Coverage coverage,
      Judging judging,
      Glass glass,
      CallRecords records,
      HeldCall held,
      Delivery delivery) {
    this.clock = clock;
    this.coverage = coverage;
    this.judging = judging;
    this.glass = glass;
    this.records = records;
    this.held = held;
    this.delivery = delivery;
  }

  /// Scope, grant, the tool's pinned definition and its arguments' schema come before policy.
  void carry(Call call, AgentSide agent) throws AgentGone {
    switch (coverage.of(call)) {
      case Admission.Found.Refused(var why) -> delivery.refuse(call, why, agent);
      case Admission.Found.Covered(var asked) -> decide(call, asked, agent);
    }
  }

  private void decide(Call asAsked, Asked asked, AgentSide agent) throws AgentGone {
    switch (judging.of(asAsked, asked, CallFacts.NONE)) {
      case Judging.Spent(var why) -> delivery.refuse(asAsked, why, agent);
      case Judged judged -> act(glass.taken(judged), asked, agent);
    }
  }

  private void act(Judged judged, Asked asked, AgentSide agent) throws AgentGone {
    var call = judged.call();
    var decided = judged.decided();

    // Recorded before it is acted on: a crash from here on leaves a decision without an outcome,
    // which review can see, and never an outcome without a decision, which it could not.
    agent.show(
        call.id(),
        records.decided(
            call, asked, judged.question(), decided, Optional.empty(), clock.instant()));

    if (decided.isObserved()) {
      delivery.forward(call, Delivery.unenforced(decided.decision()), agent);
      return;
    }
    switch (decided.decision()) {
      case Decision.Allow _, Decision.Modify _ -> delivery.forward(call, decided.decision(), agent);
      case Decision.Hold hold -> held.hold(call, asked, hold, decided.policies(), agent);
      case Decision.Defer defer ->
          Telling.tell(call, Refusal.deferred(defer, clock.instant()), agent);
      case Decision.Deny deny -> Telling.tell(call, new Refusal.DeniedByPolicy(deny), agent);
    }
  }
}
