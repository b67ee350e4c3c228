package dev.remit.server.gateway;

import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.approvals.Answering;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.decisions.Question;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// A world in which paying is held for an approver, and what people do in it.
final class HeldPayments {
  static final String INVOICE = "{\"invoice\":\"17\"}";
  static final Decision HOLD =
      new Decision.Hold(
          List.of(new PolicyId("four-eyes")),
          Set.of(Role.APPROVER),
          Duration.ofMinutes(10),
          List.of());

  private HeldPayments() {}

  /// Holds what asks for something with `what` in its name, until it is approved.
  static Function<Question, Decision> holding(String what) {
    return question ->
        question.target().toString().contains(what) && !question.facts().approved()
            ? HOLD
            : RuledDecisions.ALLOW;
  }

  static Settlement answer(GatewayWorld world, ApprovalId id, String person, boolean agrees) {
    return world
        .approvals
        .answer(
            id,
            new PersonName(person),
            Set.of(Role.APPROVER),
            Answering.once(agrees, "seen"),
            Instant.now())
        .orElseThrow();
  }

  static Approval approval(GatewayWorld world, HttpResponse<String> answer) {
    var id = GatewayWorld.refusal(answer).path("approval").asString("");
    return world.approvals.find(new ApprovalId(id)).orElseThrow();
  }

  /// A call that was held and to which another person has agreed; not repeated yet.
  static Approval granted(GatewayWorld world, String token) {
    var id = approval(world, world.call(token, "pay", INVOICE)).id();
    answer(world, id, "bea", true);
    return world.approvals.find(id).orElseThrow();
  }
}
