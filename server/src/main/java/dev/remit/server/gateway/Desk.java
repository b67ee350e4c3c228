package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.Routes;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.RpcId;
import dev.remit.server.gateway.wire.Treatment;
import dev.remit.server.registry.Resource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Sends each message of a known agent to the class that treats its method.
final class Desk {
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  private final InstantSource clock;
  private final GatewayConfig config;
  private final Routes routes;
  private final Sessions sessions;
  private final Exchanges exchanges;
  private final CallRecords records;
  private final Carriage carriage;
  private final GovernedCall governed;
  private final Listing listing;
  private final Listening listening;
  private final Opening opening;
  private final ServerStream serverStream;

  Desk(
      InstantSource clock,
      GatewayConfig config,
      Routes routes,
      Sessions sessions,
      Exchanges exchanges,
      CallRecords records,
      Carriage carriage,
      GovernedCall governed,
      Listing listing,
      Listening listening,
      Opening opening,
      ServerStream serverStream) {
    this.clock = clock;
    this.config = config;
    this.routes = routes;
    this.sessions = sessions;
    this.exchanges = exchanges;
    this.records = records;
    this.carriage = carriage;
    this.governed = governed;
    this.listing = listing;
    this.listening = listening;
    this.opening = opening;
    this.serverStream = serverStream;
  }

  void request(
      Inbound in,
      Agent agent,
      Resource resource,
      Message.Request request,
      byte[] bytes,
      AgentSide side)
      throws AgentGone {
    side.answers(request.id().json());
    switch (Spoken.of(in, request)) {
      case Spoken.Wrong(var era, var why) ->
          refuse(why, agent, resource, era, request.id().json(), side);
      case Spoken.In(var era) -> {
        var method = Method.fromClient(request.method(), era);
        var session = session(in, agent, resource, era, method);
        if (method.isEmpty()) {
          var why = new Refusal.UnknownMethod(request.method());
          refuse(why, agent, resource, era, request.id().json(), side);
        } else if (session.isEmpty()) {
          var why = new Refusal.UnknownSession();
          refuse(why, agent, resource, era, request.id().json(), side);
        } else {
          // A closed stream is the modern way to cancel, and means nothing in the legacy one.
          try (var exchange =
              exchanges.open(
                  agent.claims(), agent.workflow().owner(), in.line(), era == Era.MODERN)) {
            treat(
                new Call(
                    DecisionId.fresh(clock.instant()),
                    agent,
                    resource,
                    routes.to(resource),
                    session.get(),
                    era,
                    method.get(),
                    request,
                    bytes,
                    false,
                    in.carried(),
                    exchange,
                    clock.instant()),
                side);
          }
        }
      }
    }
  }

  private void treat(Call call, AgentSide side) throws AgentGone {
    var outOfReach = Admission.reach(call.agent(), call.resource().name(), call.at());
    if (outOfReach.isPresent()) {
      side.show(call.id(), records.refused(call, outOfReach.get(), clock.instant()));
      Telling.tell(call, outOfReach.get(), side);
      return;
    }
    try {
      if (!isSpoken(call)) {
        // No error that a modern client knows: it then falls back to `initialize`, as it should.
        side.send(
            400,
            JSON,
            RefusalBody.alone(
                new Refusal.NotRpc("it begins with `initialize`"), call.message().id().json()));
        return;
      }
    } catch (UpstreamFailure e) {
      var why = new Refusal.Unreachable(String.valueOf(e.getMessage()));
      side.show(call.id(), records.refused(call, why, clock.instant()));
      Telling.tell(call, why, side);
      return;
    }
    switch (call.method().treatment()) {
      case Treatment.Decided _ -> governed.carry(call, side);
      case Treatment.Filtered list -> listing.carry(call, list, side);
      case Treatment.Listened _ -> listening.carry(call, side);
      case Treatment.Opening _ -> opening.carry(call, side);
      case Treatment.Passed _ -> pass(call, side);
    }
  }

  /// Whether the server speaks the era of the call. To find out may mean to start it.
  private static boolean isSpoken(Call call) throws UpstreamFailure {
    if (call.era() == Era.LEGACY || !call.exchange().begin()) {
      return true;
    }
    try {
      return call.route().speaksModern(call.agent().claims().task());
    } finally {
      call.exchange().end();
    }
  }

  private void pass(Call call, AgentSide side) throws AgentGone {
    AnswerRule untouched = (_, _) -> new AnswerRule.Passing.Untouched();
    if (carriage.carry(call, side, untouched, config.answerWithin())
        instanceof Carried.Failed(_, var why)) {
      Telling.tell(call, why, side);
    }
  }

  void notice(
      Inbound in,
      Agent agent,
      Resource resource,
      Message.Notice notice,
      byte[] bytes,
      AgentSide side)
      throws AgentGone {
    var era = Spoken.eraOf(in);
    var method = Method.fromClient(notice.method(), era);
    var session = session(in, agent, resource, era, method);
    if (method.isEmpty()) {
      refuse(new Refusal.UnknownMethod(notice.method()), agent, resource, era, "null", side);
    } else if (session.isEmpty()) {
      refuse(new Refusal.UnknownSession(), agent, resource, era, "null", side);
    } else {
      if (method.get() == Method.CANCELLED) {
        cancelled(session.get(), notice);
      }
      tell(in, session.get(), notice, bytes, side);
    }
  }

  private static void cancelled(Session session, Message.Notice notice) {
    var id = notice.params().fields().path("requestId");
    if (RpcId.isId(id)) {
      session.cancels(RpcId.of(id));
    }
  }

  /// The client answers what the server has asked it: a model's reply, a person's input.
  void answer(
      Inbound in,
      Agent agent,
      Resource resource,
      Message.Answer answer,
      byte[] bytes,
      AgentSide side)
      throws AgentGone {
    var era = Spoken.eraOf(in);
    var session = session(in, agent, resource, era, Optional.of(Method.PING));
    if (session.isEmpty()) {
      refuse(new Refusal.UnknownSession(), agent, resource, era, "null", side);
      return;
    }
    var asked = session.get().answers(answer.id());
    if (era == Era.MODERN || asked.isEmpty()) {
      refuse(new Refusal.UnaskedAnswer(), agent, resource, era, "null", side);
      return;
    }
    tell(in, session.get(), answer, bytes, side);
    if (asked.get().isRecorded()) {
      records.ended(
          asked.get().id(),
          agent.claims(),
          Outcome.of(Carriage.how(answer), 0, bytes),
          Duration.ZERO,
          clock.instant());
    }
  }

  private void tell(Inbound in, Session session, Message message, byte[] bytes, AgentSide side)
      throws AgentGone {
    var departure =
        new Departure.Post(
            session.claims().task(),
            session.id(),
            in.carried(),
            config.answerWithin(),
            message,
            bytes);
    var failure = carriage.tell(session, departure, side, config.answerWithin());
    if (failure.isPresent()) {
      side.send(502, JSON, RefusalBody.alone(failure.get(), "null"));
    }
  }

  /// The stream of a session (GET).
  void listen(Inbound in, Agent agent, Resource resource, AgentSide side) throws AgentGone {
    var session = session(in, agent, resource, Era.LEGACY, Optional.of(Method.PING));
    var outOfReach = Admission.reach(agent, resource.name(), clock.instant());
    if (outOfReach.isPresent()) {
      refuse(outOfReach.get(), agent, resource, Era.LEGACY, "null", side);
    } else if (session.isEmpty()) {
      refuse(new Refusal.UnknownSession(), agent, resource, Era.LEGACY, "null", side);
    } else {
      try (var exchange =
          exchanges.open(agent.claims(), agent.workflow().owner(), in.line(), true)) {
        exchange.stands();
        var departure =
            new Departure.Listen(
                agent.claims().task(), session.get().id(), in.carried(), config.listenFor());
        serverStream.carry(agent, session.get(), departure, exchange, side);
      }
    }
  }

  /// The end of a session (DELETE). It is forgotten here whatever the upstream says.
  void leave(Inbound in, Agent agent, Resource resource, AgentSide side) throws AgentGone {
    var session = sessions.find(resource.name(), agent.claims(), in.session());
    if (in.session().isEmpty() || session.isEmpty()) {
      refuse(new Refusal.UnknownSession(), agent, resource, Era.LEGACY, "null", side);
      return;
    }
    sessions.drop(session.get());
    serverStream.abandon(session.get());
    var departure =
        new Departure.Leave(
            agent.claims().task(), session.get().id(), in.carried(), config.answerWithin());
    var failure = carriage.tell(session.get(), departure, side, config.answerWithin());
    if (failure.isPresent()) {
      side.send(502, JSON, RefusalBody.alone(failure.get(), "null"));
    }
  }

  /// Refuses something that is no call, and records that.
  void refuse(Refusal why, Agent agent, Resource resource, Era era, String id, AgentSide side)
      throws AgentGone {
    var now = clock.instant();
    var decision = DecisionId.fresh(now);
    side.show(
        decision, records.refused(decision, agent.claims(), resource.name().value(), why, now));
    side.send(RefusalBody.status(Wording.of(why), era), JSON, RefusalBody.alone(why, id));
  }

  /// Returns the session a message belongs to; empty if it names one that is not this task's.
  private Optional<Session> session(
      Inbound in, Agent agent, Resource resource, Era era, Optional<Method> method) {
    boolean named =
        era == Era.LEGACY
            && !in.session().isEmpty()
            && method.filter(m -> m == Method.INITIALIZE).isEmpty();
    var session =
        named
            ? sessions.find(resource.name(), agent.claims(), in.session())
            : Optional.of(
                sessions.nameless(
                    agent.claims(), agent.workflow().owner(), resource, routes.to(resource)));
    session.ifPresent(found -> found.used(clock.instant()));
    return session;
  }
}
