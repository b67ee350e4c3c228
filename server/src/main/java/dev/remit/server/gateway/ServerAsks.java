package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.policy.Decision;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Arguments;
import dev.remit.server.decisions.CallFacts;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.Target;
import dev.remit.server.gateway.Session.ServerAsk;
import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.Ending;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.Treatment;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Governs what a server asks of the agent's side: its model (sampling) and its user (elicitation).
///
/// A server that may ask a model or a person things in the agent's name is a way around every rule
/// about the agent, so these are decided and recorded like calls. Nobody is waited for here: a
/// policy that wants a person's approval first says no.
final class ServerAsks {
  private static final Logger LOG = LoggerFactory.getLogger(ServerAsks.class);

  private final InstantSource clock;
  private final Decisions decisions;
  private final CallRecords records;
  private final TaskUse use;
  private final GatewayConfig config;

  ServerAsks(
      InstantSource clock,
      Decisions decisions,
      CallRecords records,
      TaskUse use,
      GatewayConfig config) {
    this.clock = clock;
    this.decisions = decisions;
    this.records = records;
    this.use = use;
    this.config = config;
  }

  /// Whether a legacy server's request may be passed on; if so, an answer to it is now expected. If
  /// not, the server has been told so.
  boolean mayPass(Session session, Message.Request request) {
    var refusal = refusal(session, request);
    refusal.ifPresent(why -> tell(session, request, why));
    return refusal.isEmpty();
  }

  /// Tells a legacy server that its request is not passed on, whatever policy would say.
  boolean refuse(Session session, Message.Request request, Refusal why) {
    tell(session, request, why);
    return false;
  }

  /// Returns the first thing that a modern server asks for and may not.
  Optional<Refusal> refusal(Session session, List<String> methods) {
    for (var method : methods) {
      var refusal =
          Method.fromServer(method, Era.MODERN)
              .map(known -> decide(session, known).refusal())
              .orElseGet(() -> Optional.of(new Refusal.ServerMayNotAsk(method)));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private Optional<Refusal> refusal(Session session, Message.Request request) {
    var method = Method.fromServer(request.method(), Era.LEGACY);
    if (method.isEmpty()) {
      return Optional.of(new Refusal.UnknownMethod(request.method()));
    }
    var judged = decide(session, method.get());
    if (judged.refusal().isEmpty() && !session.asks(request.id(), judged.ask())) {
      return Optional.of(new Refusal.NotRpc("this id is in use, or too much is open"));
    }
    return judged.refusal();
  }

  private record Judged(ServerAsk ask, Optional<Refusal> refusal) {}

  private Judged decide(Session session, Method method) {
    var now = clock.instant();
    var id = DecisionId.fresh(now);
    if (!(method.treatment() instanceof Treatment.Decided)) {
      return new Judged(new ServerAsk(id, false), Optional.empty());
    }
    var action = method == Method.SAMPLING ? Action.SAMPLE : Action.ELICIT;
    var question =
        new Question(
            session.claims().identity(),
            use.facts(session.claims(), clock.instant()),
            action,
            new Target.OfResource(session.resource().name(), method.toString()),
            new Arguments.NotYet(),
            CallFacts.NONE,
            now);
    var decided = decisions.decide(question);
    records.asked(id, session, method.toString(), question, decided);
    if (decided.isObserved()) {
      return new Judged(new ServerAsk(id, true), Optional.empty());
    }
    var refusal =
        switch (decided.decision()) {
          case Decision.Allow _ -> Optional.<Refusal>empty();
          case Decision.Modify _, Decision.Hold _, Decision.Defer _, Decision.Deny _ ->
              Optional.<Refusal>of(new Refusal.ServerMayNotAsk(method.toString()));
        };
    return new Judged(new ServerAsk(id, true), refusal);
  }

  private void tell(Session session, Message.Request request, Refusal why) {
    var bytes = RefusalBody.alone(why, request.id().json());
    var answer = new Message.Answer(request.id(), new Ending.Failure(-32600));
    var headers =
        Map.of(
            "content-type", "application/json",
            "accept", "application/json, text/event-stream");
    var departure =
        new Departure.Post(
            session.claims().task(), session.id(), headers, config.answerWithin(), answer, bytes);
    try (Arrival arrival = session.route().send(departure)) {
      LOG.debug("told the server no ({})", arrival.status());
    } catch (UpstreamFailure e) {
      LOG.warn("{} could not be told that it may not ask", session.resource().name(), e);
    }
  }
}
