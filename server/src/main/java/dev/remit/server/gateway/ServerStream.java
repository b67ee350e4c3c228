package dev.remit.server.gateway;

import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.upstream.Arrival.Content;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Event;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Reading;
import dev.remit.server.gateway.wire.Treatment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the stream on which a legacy server sends what belongs to no request, or goes on with a
/// stream that broke off (GET).
///
/// An answer passes here only to a call whose own stream ended early; that is then its outcome.
final class ServerStream {
  private static final Logger LOG = LoggerFactory.getLogger(ServerStream.class);
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  private final InstantSource clock;
  private final MessageReader reader;
  private final ServerAsks asks;
  private final Carriage carriage;
  private final CallRecords records;
  private final GatewayConfig config;
  private final Looking looking;

  ServerStream(
      InstantSource clock,
      MessageReader reader,
      ServerAsks asks,
      Carriage carriage,
      CallRecords records,
      GatewayConfig config,
      Looking looking) {
    this.clock = clock;
    this.reader = reader;
    this.asks = asks;
    this.carriage = carriage;
    this.records = records;
    this.config = config;
    this.looking = looking;
  }

  void carry(
      Agent agent, Session session, Departure.Listen departure, Exchange exchange, AgentSide side)
      throws AgentGone {
    if (!exchange.begin()) {
      return;
    }
    try (Arrival arrival = session.route().send(departure)) {
      switch (arrival.content()) {
        case Content.Whole(var bytes) ->
            side.send(arrival.status(), arrival.headers(), bytes.read(config.resultBytesMax()));
        case Content.Stream(var events) -> {
          side.stream(arrival.status(), arrival.headers());
          relay(agent, session, events, exchange, side);
          side.finish();
        }
      }
    } catch (UpstreamFailure e) {
      if (exchange.agentHasLeft()) {
        throw new AgentGone();
      }
      failed(e, side);
    } finally {
      exchange.end();
    }
  }

  private void relay(
      Agent agent, Session session, Arrival.Events events, Exchange exchange, AgentSide side)
      throws AgentGone, UpstreamFailure {
    for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
      var event = next.get();
      if (!event.carriesMessage() || mayPass(agent, session, event, exchange)) {
        side.event(event);
      }
    }
  }

  private boolean mayPass(Agent agent, Session session, Event event, Exchange exchange) {
    if (looking.showsKept(event.data())) {
      return withheld(session, event);
    }
    return switch (reader.read(event.data())) {
      case Reading.Read(Message.Request request) ->
          exchange.undisturbed(() -> asks.mayPass(session, request));
      case Reading.Read(Message.Notice notice) ->
          carriage.mayTell(agent, session.resource().name(), notice, Era.LEGACY);
      case Reading.Read(Message.Answer answer) -> resumed(session, answer, event.data());
      case Reading.Read(Message.Complaint _) -> true;
      case Reading.NotJson(var why) -> dropped(session, why);
      case Reading.NotRpc(var why) -> dropped(session, why);
    };
  }

  /// It shows a secret of ours. What it was the answer to has ended all the same.
  private boolean withheld(Session session, Event event) {
    if (reader.read(event.data()) instanceof Reading.Read(Message.Answer answer)) {
      resumed(session, answer, event.data());
    }
    return dropped(session, "it shows a secret that is kept here");
  }

  private boolean resumed(Session session, Message.Answer answer, byte[] bytes) {
    var call = session.resumes(answer.id());
    call.ifPresent(known -> ended(known, Outcome.of(Carriage.how(answer), 200, bytes)));
    return call.isPresent() || dropped(session, "it answers " + answer.id());
  }

  /// Records what is known of calls whose answer will not come any more.
  void abandon(Session session) {
    session.abandoned().forEach(call -> ended(call, Outcome.without(Outcome.How.UNKNOWN)));
  }

  /// Only a decided request has a decision that waits for an outcome.
  private void ended(Call call, Outcome outcome) {
    if (!(call.method().treatment() instanceof Treatment.Decided)) {
      return;
    }
    var now = clock.instant();
    records.ended(call, outcome, Duration.between(call.at(), now), now);
  }

  private static boolean dropped(Session session, String why) {
    LOG.warn(
        "{} sent something on its stream that was dropped: {}", session.resource().name(), why);
    return false;
  }

  private static void failed(UpstreamFailure e, AgentSide agent) throws AgentGone {
    if (agent.hasBegun()) {
      // Streams of this kind end at any time; the client opens a new one.
      agent.finish();
      return;
    }
    var why = new Refusal.Unreachable(String.valueOf(e.getMessage()));
    agent.send(502, JSON, RefusalBody.alone(why, "null"));
  }
}
