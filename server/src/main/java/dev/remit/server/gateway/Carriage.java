package dev.remit.server.gateway;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.gateway.Admission.Found;
import dev.remit.server.gateway.AnswerRule.Passing;
import dev.remit.server.gateway.Outcome.How;
import dev.remit.server.gateway.upstream.Arrival;
import dev.remit.server.gateway.upstream.Arrival.Content;
import dev.remit.server.gateway.upstream.Departure;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.gateway.wire.Ending;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Method;
import dev.remit.server.gateway.wire.Reading;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one request to its upstream and what comes back to the agent, byte for byte.
///
/// Each message that comes back is read before it is passed: what is no message, answers nothing
/// that was asked, or asks what policy forbids, is not. Decides nothing else.
final class Carriage {
  private static final Logger LOG = LoggerFactory.getLogger(Carriage.class);

  private final InstantSource clock;
  private final MessageReader reader;
  private final ServerAsks asks;
  private final Definitions definitions;
  private final GatewayConfig config;

  Carriage(
      InstantSource clock,
      MessageReader reader,
      ServerAsks asks,
      Definitions definitions,
      GatewayConfig config) {
    this.clock = clock;
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
        case Content.Stream(var events) -> {
          agent.stream(arrival.status(), arrival.headers());
          yield new Relay(reader, this, call, agent, rule, arrival.status()).carry(events);
        }
      };
    } catch (UpstreamFailure e) {
      return failed(call, e, patience);
    } catch (AgentGone e) {
      return call.exchange().cut().isPresent()
          ? cut(call)
          : new Carried.Ended(
              Outcome.without(call.era() == Era.MODERN ? How.CANCELLED : How.UNKNOWN));
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
    if (status >= 300 && rule.isStrict()) {
      var why = new Refusal.ResultWithheld("it is an error of its own (status " + status + ")");
      return new Carried.Failed(Outcome.of(How.FAILED, status, body), why);
    }
    if (status >= 300 && agent.isStreaming()) {
      return broken("its status is " + status);
    }
    if (status >= 300 && rule.words(body) instanceof Passing.Withheld(var why)) {
      return new Carried.Failed(Outcome.of(How.FAILED, status, body), why);
    }
    if (status >= 300) {
      return sent(call, arrival, body, Outcome.of(How.FAILED, status, body), agent);
    }
    if (!(reader.read(body) instanceof Reading.Read(Message.Answer answer))
        || !answer.id().equals(call.message().id())) {
      return broken("it is not the answer to this request");
    }
    var outcome = Outcome.of(how(answer), status, body);
    return switch (judged(call, answer, body, rule)) {
      case Passing.Untouched() -> sent(call, arrival, body, outcome, agent);
      case Passing.Replaced(var bytes) -> sent(call, arrival, bytes, outcome, agent);
      case Passing.Withheld(var why) ->
          new Carried.Failed(Outcome.of(How.FAILED, status, body), why);
    };
  }

  /// Hands the answer over. An agent that has gone by now does not change what the upstream has
  /// done; a stop does.
  private Carried sent(Call call, Arrival arrival, byte[] body, Outcome outcome, AgentSide agent)
      throws AgentGone {
    try {
      agent.send(arrival.status(), arrival.headers(), body);
    } catch (AgentGone e) {
      if (isStopped(call)) {
        throw e;
      }
    }
    return new Carried.Ended(outcome);
  }

  /// Whether somebody has stopped the exchange, as opposed to the agent having left it.
  boolean isStopped(Call call) {
    return call.exchange().cut().filter(cut -> cut.how() == How.CUT).isPresent();
  }

  Passing judged(Call call, Message.Answer answer, byte[] bytes, AnswerRule rule) {
    if (answer.ending() instanceof Ending.InputRequired(var methods)) {
      var refusal = call.exchange().undisturbed(() -> asks.refusal(call.session(), methods));
      if (refusal.isPresent()) {
        return new Passing.Withheld(refusal.get());
      }
    }
    return rule.passing(answer, bytes);
  }

  boolean mayAsk(Call call, Message.Request request, AnswerRule rule) {
    if (rule.isStrict()) {
      var why = new Refusal.ServerMayNotAsk(request.method());
      call.exchange().undisturbed(() -> asks.refuse(call.session(), request, why));
      return false;
    }
    return call.era() == Era.LEGACY
        && call.exchange().undisturbed(() -> asks.mayPass(call.session(), request));
  }

  /// Whether a server's notice may pass to `agent`. Word of changed tools is heard here too.
  boolean mayTell(Agent agent, ResourceName server, Message.Notice notice, Era era) {
    var method = Method.fromServer(notice.method(), era);
    if (method.isEmpty()) {
      LOG.warn("{} sent `{}`; dropped", server, notice.method());
      return false;
    }
    if (method.get() == Method.TOOLS_CHANGED) {
      definitions.doubt(server);
    }
    return method.get() != Method.RESOURCE_UPDATED || mayHearOf(agent, server, notice);
  }

  /// That a resource changed is told to whom a grant lets read it: the server may tell of others,
  /// parts of what was subscribed to among them.
  private boolean mayHearOf(Agent agent, ResourceName server, Message.Notice notice) {
    var uri = notice.params().uri();
    boolean may = Admission.read(agent, server, uri, clock.instant()) instanceof Found.Covered;
    if (!may) {
      LOG.warn("{} told of `{}`, which this task may not read; dropped", server, uri);
    }
    return may;
  }

  static How how(Message.Answer answer) {
    return switch (answer.ending()) {
      case Ending.Result(boolean failed) -> failed ? How.FAILED : How.ANSWERED;
      case Ending.InputRequired _ -> How.ANSWERED;
      case Ending.Failure _ -> How.FAILED;
    };
  }

  private static Carried failed(Call call, UpstreamFailure e, Duration patience) {
    if (call.exchange().cut().isPresent()) {
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

  static Carried broken(String why) {
    return new Carried.Failed(Outcome.without(How.UNKNOWN), new Refusal.BrokenAnswer(why));
  }

  private static Carried cut(Call call) {
    var cut = call.exchange().cut().orElse(new Exchange.Cut(How.CUT, "stopped"));
    if (cut.how() == How.CANCELLED && call.era() == Era.LEGACY) {
      return call.session().awaits(call)
          ? new Carried.Suspended()
          : new Carried.Ended(Outcome.without(How.UNKNOWN));
    }
    return new Carried.Failed(Outcome.without(cut.how()), new Refusal.Cut(cut.why()));
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
