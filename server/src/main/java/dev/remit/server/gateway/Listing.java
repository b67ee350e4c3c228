package dev.remit.server.gateway;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.Target;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.Treatment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Carries a request for a list (`tools/list` and its like), whose answer shows only what this task
/// could be allowed.
///
/// No permit is needed to ask, since each element is judged by itself; a forbid on `list` closes
/// the whole list. What was left out is recorded with its reasons, so `remit explain` can answer
/// «why do I not see this tool».
final class Listing {
  private final InstantSource clock;
  private final Decisions decisions;
  private final CallRecords records;
  private final TaskUse use;
  private final ListFilter filter;
  private final Carriage carriage;
  private final GatewayConfig config;

  Listing(
      InstantSource clock,
      Decisions decisions,
      CallRecords records,
      TaskUse use,
      ListFilter filter,
      Carriage carriage,
      GatewayConfig config) {
    this.clock = clock;
    this.decisions = decisions;
    this.records = records;
    this.use = use;
    this.filter = filter;
    this.carriage = carriage;
    this.config = config;
  }

  void carry(Call call, Treatment.Filtered list, AgentSide agent) throws AgentGone {
    var decided = decisions.decide(question(call));
    var closed = closed(decided);
    if (closed.isPresent()) {
      agent.show(call.id(), records.refused(call, closed.get(), clock.instant()));
      Telling.tell(call, closed.get(), agent);
      return;
    }
    agent.show(call.id(), records.listed(call, decided, clock.instant()));

    var start = System.nanoTime();
    var filtering = new Filtering(call, list);
    var carried = carriage.carry(call, agent, filtering, config.answerWithin());

    switch (carried) {
      case Carried.Ended(var outcome) -> ended(call, outcome, filtering, start);
      case Carried.Failed(var outcome, var why) -> {
        ended(call, outcome, filtering, start);
        Telling.tell(call, why, agent);
      }
      case Carried.Suspended() -> {
        // A list that comes on a resumed stream would pass unfiltered, so it is not waited for.
        var _ = call.session().resumes(call.message().id());
        ended(call, Outcome.without(Outcome.How.UNKNOWN), filtering, start);
      }
    }
  }

  private Optional<Refusal> closed(Decided decided) {
    if (decided.isObserved()) {
      return Optional.empty();
    }
    return switch (decided.decision()) {
      case Decision.Deny deny when deny.ground() == Decision.Ground.FORBIDDEN ->
          Optional.of(new Refusal.DeniedByPolicy(deny));
      case Decision.Defer defer -> Optional.of(Refusal.deferred(defer, clock.instant()));
      case Decision.Deny _, Decision.Hold _, Decision.Modify _, Decision.Allow _ ->
          Optional.empty();
    };
  }

  private void ended(Call call, Outcome outcome, Filtering filtering, long start) {
    var took = Duration.ofNanos(System.nanoTime() - start);
    records.ended(call, outcome, filtering.left, took, clock.instant());
  }

  private Question question(Call call) {
    return new Question(
        call.agent().claims().identity(),
        use.facts(call.agent().claims(), clock.instant()),
        Action.LIST,
        new Target.OfResource(call.resource().name(), call.method().toString()),
        new Arguments.NotYet(),
        CallFacts.NONE,
        clock.instant());
  }

  /// Filters the one answer of one request and keeps what was left out.
  private final class Filtering implements AnswerRule {
    private final Call call;
    private final Treatment.Filtered list;
    private ListFilter.Left left = ListFilter.Left.untouched(new byte[0], 0);

    Filtering(Call call, Treatment.Filtered list) {
      this.call = call;
      this.list = list;
    }

    @Override
    public Passing passing(Message.Answer answer, byte[] bytes) {
      left = filter.filter(call, list, bytes, clock.instant());
      return left.isChanged() ? new Passing.Replaced(left.bytes()) : new Passing.Untouched();
    }
  }
}
