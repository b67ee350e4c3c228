package dev.remit.server.gateway;

import dev.remit.server.gateway.AnswerRule.Passing;
import dev.remit.server.gateway.Outcome.How;
import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Event;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Reading;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes one answer that comes as a stream, event by event.
///
/// A legacy agent that hangs up has not withdrawn its request (MCP 2025-11-25, transports: a
/// disconnection «SHOULD NOT be interpreted as the client cancelling»). If the server numbers its
/// events, the agent can have the rest sent again, so we hang up too and wait for that. If not, the
/// stream is read to its end without the agent, for the outcome.
final class Relay {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final MessageReader reader;
  private final Carriage carriage;
  private final Call call;
  private final AgentSide agent;
  private final AnswerRule rule;
  private final int status;

  private Carried.@Nullable Ended ended;
  private boolean isResumable;
  private boolean isAttended = true;

  Relay(
      MessageReader reader,
      Carriage carriage,
      Call call,
      AgentSide agent,
      AnswerRule rule,
      int status) {
    this.reader = reader;
    this.carriage = carriage;
    this.call = call;
    this.agent = agent;
    this.rule = rule;
    this.status = status;
  }

  Carried carry(Arrival.Events events) throws AgentGone, UpstreamFailure {
    for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
      var event = next.get();
      if (!event.id().isEmpty() && !isResumable && !rule.isStrict()) {
        isResumable = true;
        call.exchange().endsWithAgent();
      }
      var failed = event.carriesMessage() ? message(event) : silent(event);
      if (failed.isPresent()) {
        return failed.get();
      }
    }
    if (ended != null) {
      finish();
      return ended;
    }
    return unanswered();
  }

  /// Returns what ends the exchange before the stream does; mostly empty.
  private Optional<Carried> message(Event event) throws AgentGone {
    return switch (reader.read(event.data())) {
      case Reading.Read(Message.Answer answer) when answer.id().equals(call.message().id()) ->
          answer(event, answer);
      case Reading.Read(Message.Answer answer) ->
          dropped("it answered " + answer.id() + ", which nobody asked");
      case Reading.Read(Message.Complaint _) ->
          rule.isStrict() ? dropped("it complained in words") : passed(event);
      case Reading.Read(Message.Request request) ->
          carriage.mayAsk(call, request, rule) ? passed(event) : Optional.empty();
      case Reading.Read(Message.Notice notice) ->
          carriage.mayTell(call.agent(), call.resource().name(), notice, call.era())
              ? told(event, notice)
              : Optional.empty();
      case Reading.NotJson(var why) -> Optional.of(Carriage.broken(why));
      case Reading.NotRpc(var why) -> Optional.of(Carriage.broken(why));
    };
  }

  private Optional<Carried> answer(Event event, Message.Answer answer) throws AgentGone {
    if (ended != null) {
      return dropped("it answered " + answer.id() + " twice");
    }
    var outcome = Outcome.of(Carriage.how(answer), status, event.data());
    var passing = carriage.judged(call, answer, event.data(), rule);
    if (passing instanceof Passing.Withheld(var why)) {
      return Optional.of(new Carried.Failed(Outcome.of(How.FAILED, status, event.data()), why));
    }
    ended = new Carried.Ended(outcome);
    return passed(passing instanceof Passing.Replaced(var bytes) ? carrying(event, bytes) : event);
  }

  /// An event that primes, paces or keeps alive. Its comments are words as well.
  private Optional<Carried> silent(Event event) throws AgentGone {
    return passed(rule.isStrict() ? Event.KEEP_ALIVE : event);
  }

  private Optional<Carried> told(Event event, Message.Notice notice) throws AgentGone {
    return switch (rule.telling(notice, event.data())) {
      case Passing.Untouched() -> passed(event);
      case Passing.Replaced(var bytes) -> passed(carrying(event, bytes));
      case Passing.Withheld _ -> Optional.empty();
    };
  }

  /// Under a strict rule not even the event's id passes, by which the rest could be had elsewhere.
  private Event carrying(Event event, byte[] bytes) {
    return rule.isStrict() ? Event.of(bytes) : event.carrying(bytes);
  }

  /// Passes `event` on for as long as somebody is there.
  private Optional<Carried> passed(Event event) throws AgentGone {
    if (isAttended) {
      try {
        agent.event(event);
      } catch (AgentGone e) {
        return left(e);
      }
    }
    return Optional.empty();
  }

  private Optional<Carried> left(AgentGone e) throws AgentGone {
    if (ended != null && !carriage.isStopped(call)) {
      return Optional.of(ended);
    }
    call.exchange().left();
    if (call.exchange().cut().isPresent()) {
      throw e;
    }
    isAttended = false;
    return Optional.empty();
  }

  private void finish() throws AgentGone {
    if (isAttended) {
      try {
        agent.finish();
      } catch (AgentGone e) {
        if (carriage.isStopped(call)) {
          throw e;
        }
      }
    }
  }

  /// The stream has ended in order and without the answer.
  private Carried unanswered() throws AgentGone {
    if (call.session().wasCancelled(call.message().id())) {
      finish();
      return new Carried.Ended(Outcome.without(How.CANCELLED));
    }
    if (isResumable && call.era() == Era.LEGACY && call.session().awaits(call)) {
      finish();
      return new Carried.Suspended();
    }
    return Carriage.broken("its stream ended before the answer");
  }

  private Optional<Carried> dropped(String why) {
    LOG.warn("{} sent something that was dropped: {}", call.resource().name(), why);
    return Optional.empty();
  }
}
