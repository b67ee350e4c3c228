package dev.remit.server.gateway;

import dev.remit.server.gateway.AnswerRule.Passing;
import dev.remit.server.gateway.Outcome.How;
import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.upstream.Arrival.Content;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.Ending;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Event;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.Reading;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one request to its upstream and what comes back to the agent, byte for byte.
///
/// Each message that comes back is read before it is passed: what is no message, answers nothing
/// that was asked, or asks what policy forbids, is not. Decides nothing else.
final class Carriage {
  private static final Logger LOG = LoggerFactory.getLogger(Carriage.class);

  private final MessageReader reader;
  private final ServerAsks asks;
  private final Definitions definitions;
  private final GatewayConfig config;

  Carriage(MessageReader reader, ServerAsks asks, Definitions definitions, GatewayConfig config) {
    this.reader = reader;
    this.asks = asks;
    this.definitions = definitions;
    this.config = config;
  }

  /// Sends `call` and passes back what comes, for as long as each sign of life takes no longer than
  /// `patience`. Never throws for what upstream, agent or owner do; that is in the answer.
  Carried carry(Call call, AgentSide agent, AnswerRule rule, Duration patience) {
    if (!call.exchange().begin()) {
      return cut(call);
    }
    try (Arrival arrival = call.route().send(call.departure(patience))) {
      rule.begins(arrival);
      return switch (arrival.content()) {
        case Content.Whole(var bytes) ->
            whole(call, arrival, bytes.read(config.resultBytesMax()), agent, rule);
        case Content.Stream(var events) -> stream(call, arrival, events, agent, rule);
      };
    } catch (UpstreamFailure e) {
      return failed(call, e, patience);
    } catch (AgentGone e) {
      return call.exchange().cutBecause().isPresent()
          ? cut(call)
          : new Carried.Ended(Outcome.without(How.CANCELLED));
    } finally {
      call.exchange().end();
    }
  }

  private Carried whole(Call call, Arrival arrival, byte[] body, AgentSide agent, AnswerRule rule)
      throws AgentGone {
    int status = arrival.status();
    if (status == 401 || status == 403) {
      return broken("it refuses the credential that Remit presents (status " + status + ")");
    }
    if (status >= 300) {
      agent.send(status, arrival.headers(), body);
      return new Carried.Ended(Outcome.of(How.FAILED, status, body));
    }
    if (!(reader.read(body) instanceof Reading.Read(Message.Answer answer))
        || !answer.id().equals(call.message().id())) {
      return broken("it is not the answer to this request");
    }
    return switch (judged(call, answer, body, rule)) {
      case Passing.Untouched() -> {
        agent.send(status, arrival.headers(), body);
        yield new Carried.Ended(Outcome.of(how(answer), status, body));
      }
      case Passing.Replaced(var bytes) -> {
        agent.send(status, arrival.headers(), bytes);
        yield new Carried.Ended(Outcome.of(how(answer), status, body));
      }
      case Passing.Withheld(var why) ->
          new Carried.Failed(Outcome.of(How.FAILED, status, body), why);
    };
  }

  private Carried stream(
      Call call, Arrival arrival, Arrival.Events events, AgentSide agent, AnswerRule rule)
      throws AgentGone, UpstreamFailure {
    agent.stream(arrival.status(), arrival.headers());
    Carried.@Nullable Ended ended = null;
    boolean resumable = false;
    for (Optional<Event> next = events.next(); next.isPresent(); next = events.next()) {
      var event = next.get();
      resumable |= !event.id().isEmpty();
      if (!event.carriesMessage()) {
        agent.event(event);
        continue;
      }
      switch (reader.read(event.data())) {
        case Reading.Read(Message.Answer answer) when answer.id().equals(call.message().id()) -> {
          if (ended != null) {
            LOG.warn("{} answered {} twice; dropped", call.resource().name(), answer.id());
            continue;
          }
          switch (judged(call, answer, event.data(), rule)) {
            case Passing.Untouched() -> agent.event(event);
            case Passing.Replaced(var bytes) -> agent.event(event.carrying(bytes));
            case Passing.Withheld(var why) -> {
              return new Carried.Failed(
                  Outcome.of(How.FAILED, arrival.status(), event.data()), why);
            }
          }
          ended = new Carried.Ended(Outcome.of(how(answer), arrival.status(), event.data()));
        }
        case Reading.Read(Message.Answer answer) ->
            LOG.warn("{} answered {}, which nobody asked", call.resource().name(), answer.id());
        case Reading.Read(Message.Complaint _) -> agent.event(event);
        case Reading.Read(Message.Request request) -> {
          if (mayAsk(call, request)) {
            agent.event(event);
          }
        }
        case Reading.Read(Message.Notice notice) -> {
          if (mayTell(call.session(), notice, call.era())) {
            agent.event(event);
          }
        }
        case Reading.NotJson(var why) -> {
          return broken(why);
        }
        case Reading.NotRpc(var why) -> {
          return broken(why);
        }
      }
    }
    if (ended != null) {
      agent.finish();
      return ended;
    }
    return unanswered(call, agent, resumable);
  }

  /// The stream has ended in order and without the answer.
  private Carried unanswered(Call call, AgentSide agent, boolean resumable) throws AgentGone {
    if (call.session().wasCancelled(call.message().id())) {
      agent.finish();
      return new Carried.Ended(Outcome.without(How.CANCELLED));
    }
    if (resumable && call.era() == Era.LEGACY && call.session().awaits(call)) {
      agent.finish();
      return new Carried.Suspended();
    }
    return broken("its stream ended before the answer");
  }

  private Passing judged(Call call, Message.Answer answer, byte[] bytes, AnswerRule rule) {
    if (answer.ending() instanceof Ending.InputRequired(var methods)) {
      var refusal = call.exchange().undisturbed(() -> asks.refusal(call.session(), methods));
      if (refusal.isPresent()) {
        return new Passing.Withheld(refusal.get());
      }
    }
    return rule.passing(answer, bytes);
  }

  private boolean mayAsk(Call call, Message.Request request) {
    return call.era() == Era.LEGACY
        && call.exchange().undisturbed(() -> asks.mayPass(call.session(), request));
  }

  /// Whether a server's notice may pass. Word of changed tools is heard here too.
  boolean mayTell(Session session, Message.Notice notice, Era era) {
    var method = Method.fromServer(notice.method(), era);
    if (method.isEmpty()) {
      LOG.warn("{} sent `{}`; dropped", session.resource().name(), notice.method());
      return false;
    }
    if (method.get() == Method.TOOLS_CHANGED) {
      definitions.doubt(session.resource().name());
    }
    return true;
  }

  static How how(Message.Answer answer) {
    return switch (answer.ending()) {
      case Ending.Result(boolean failed) -> failed ? How.FAILED : How.ANSWERED;
      case Ending.InputRequired _ -> How.ANSWERED;
      case Ending.Failure _ -> How.FAILED;
    };
  }

  private static Carried failed(Call call, UpstreamFailure e, Duration patience) {
    if (call.exchange().cutBecause().isPresent()) {
      return cut(call);
    }
    LOG.debug("{} failed", call.resource().name(), e);
    var what = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case UNREACHABLE ->
          new Carried.Failed(Outcome.without(How.FAILED), new Refusal.Unreachable(what));
      case SILENT ->
          new Carried.Failed(Outcome.without(How.TIMEOUT), new Refusal.TimedOut(patience));
      case BROKEN -> broken(what);
    };
  }

  private static Carried broken(String why) {
    return new Carried.Failed(Outcome.without(How.UNKNOWN), new Refusal.BrokenAnswer(why));
  }

  private static Carried cut(Call call) {
    return new Carried.Failed(
        Outcome.without(How.CUT), new Refusal.Cut(call.exchange().cutBecause().orElse("stopped")));
  }

  /// Passes on something that nobody answers: a notice, or the client's answer to the server.
  ///
  /// @return why it could not be passed on
  Optional<Refusal> tell(Session session, Departure departure, AgentSide agent, Duration patience) {
    try (Arrival arrival = session.route().send(departure)) {
      byte[] body =
          arrival.content() instanceof Content.Whole(var bytes)
              ? bytes.read(config.resultBytesMax())
              : new byte[0];
      agent.send(arrival.status(), arrival.headers(), body);
      return Optional.empty();
    } catch (UpstreamFailure e) {
      return Optional.of(
          e.kind() == UpstreamFailure.Kind.SILENT
              ? new Refusal.TimedOut(patience)
              : new Refusal.Unreachable(String.valueOf(e.getMessage())));
    } catch (AgentGone e) {
      return Optional.empty();
    }
  }
}
