package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Carries `subscriptions/listen` (2026-07-28): a stream of changes, which stays open.
///
/// Following a resource tells when it changes, so each one is decided like reading it, and one that
/// is refused refuses the whole stream.
final class Listening {
  private final InstantSource clock;
  private final Decisions decisions;
  private final CallRecords records;
  private final TaskUse use;
  private final Carriage carriage;
  private final GatewayConfig config;

  Listening(
      InstantSource clock,
      Decisions decisions,
      CallRecords records,
      TaskUse use,
      Carriage carriage,
      GatewayConfig config) {
    this.clock = clock;
    this.decisions = decisions;
    this.records = records;
    this.use = use;
    this.carriage = carriage;
    this.config = config;
  }

  void carry(Call call, AgentSide agent) throws AgentGone {
    call.exchange().stands();
    var followed = followed(call);
    for (var uri : followed) {
      var refusal = refusal(call, uri);
      if (refusal.isPresent()) {
        agent.show(call.id(), records.refused(call, refusal.get(), clock.instant()));
        Telling.tell(call, refusal.get(), agent);
        return;
      }
    }
    var decided = decide(call, followed.isEmpty() ? "" : followed.getFirst());
    agent.show(call.id(), records.listed(call, decided, clock.instant()));

    var start = System.nanoTime();
    var carried =
        carriage.carry(
            call, agent, (_, _) -> new AnswerRule.Passing.Untouched(), config.listenFor());

    switch (carried) {
      case Carried.Ended(var outcome) -> ended(call, outcome, start);
      case Carried.Suspended() -> ended(call, Outcome.without(Outcome.How.UNKNOWN), start);
      case Carried.Failed(var outcome, var why) -> {
        ended(call, outcome, start);
        Telling.tell(call, why, agent);
      }
    }
  }

  private void ended(Call call, Outcome outcome, long start) {
    var took = Duration.ofNanos(System.nanoTime() - start);
    records.ended(call, outcome, took, clock.instant());
  }

  private Optional<Refusal> refusal(Call call, String uri) {
    if (Admission.read(call.agent(), call.resource().name(), uri, clock.instant())
        instanceof Admission.Found.Refused(var why)) {
      return Optional.of(why);
    }
    var decided = decide(call, uri);
    if (decided.isObserved()) {
      return Optional.empty();
    }
    return switch (decided.decision()) {
      case Decision.Allow _ -> Optional.empty();
      case Decision.Deny deny -> Optional.of(new Refusal.DeniedByPolicy(deny));
      case Decision.Defer defer -> Optional.of(Refusal.deferred(defer, clock.instant()));
      case Decision.Hold _ -> Optional.of(new Refusal.CannotBeHeld(call.method().toString()));
      case Decision.Modify _ -> Optional.of(new Refusal.NotGranted("resource", uri));
    };
  }

  private Decided decide(Call call, String uri) {
    var asked = Coverage.reading(call, uri);
    return decisions.decide(
        new Question(
            call.agent().claims().identity(),
            use.facts(call.agent().claims(), clock.instant()),
            asked.action(),
            asked.target(),
            new Arguments.NotYet(),
            CallFacts.NONE,
            clock.instant()));
  }

  private static List<String> followed(Call call) {
    var uris = new ArrayList<String>();
    call.message()
        .params()
        .fields()
        .path("notifications")
        .path("resourceSubscriptions")
        .forEach(uri -> uris.add(uri.asString("")));
    return uris;
  }
}
