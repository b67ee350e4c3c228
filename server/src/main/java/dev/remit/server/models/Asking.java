package dev.remit.server.models;

import dev.remit.server.gateway.Exchange;
import dev.remit.server.gateway.Outcome.How;
import dev.remit.server.gateway.ProposalDoor;
import dev.remit.server.gateway.upstream.UpstreamFailure;
import dev.remit.server.models.GovernedQuestion.Asks;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a decided question, if everything still stands, passes the answer on as it comes, and
/// records what became of it: the last steps of [GovernedQuestion] and of [HeldQuestion].
final class Asking {
  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);

  private final InstantSource clock;
  private final ModelsConfig config;
  private final Providers providers;
  private final Tokens tokens;
  private final dev.remit.server.gateway.Audience audience;
  private final QuestionRecords records;
  private final ProposedCalls proposed;
  private final Looking looking;
  private final Budget budget;
  private final ProposalDoor tasks;
  private final Consumer<ModelAnswer> onAnswered;

  Asking(
      InstantSource clock,
      ModelsConfig config,
      Providers providers,
      Tokens tokens,
      QuestionRecords records,
      ProposedCalls proposed,
      Looking looking,
      Budget budget,
      ProposalDoor tasks,
      Consumer<ModelAnswer> onAnswered) {
    this.clock = clock;
    this.config = config;
    this.providers = providers;
    this.tokens = tokens;
    this.audience = new dev.remit.server.gateway.Audience(config.publicUrl());
    this.records = records;
    this.proposed = proposed;
    this.looking = looking;
    this.budget = budget;
    this.tasks = tasks;
    this.onAnswered = onAnswered;
  }

  /// How it ended.
  ///
  /// @param why what the agent is told, where it is told of a failure
  private record Ended(How how, int status, Optional<Refusal> why) {}

  /// @param keep told whether anything was sent, before the agent is told of a failure
  void forward(Asks asks, Sending sending, AgentSide agent, Consumer<Boolean> keep)
      throws AgentSide.Gone {
    var asked = asks.asked();
    var seen = new Seen();
    var texts = new Texts(asked, looking, sending.isOfSecrets(), config.withheldBytesMax());
    long start = System.nanoTime();
    var refused = lastLook(asked);
    var ended = refused.orElseGet(() -> carried(asks, sending, seen, texts, agent));
    boolean isSent = refused.isEmpty() && !isUnreachable(ended);
    keep.accept(isSent);
    settle(asks, ended, seen, texts, isSent, start);
    if (ended.why().isPresent()) {
      agent.refuse(ended.why().get());
    }
  }

  private static boolean isUnreachable(Ended ended) {
    return ended.why().filter(Refusal.Unreachable.class::isInstance).isPresent();
  }

  /// Standing once more. A suspension between the first check and here found the exchange and cut
  /// it, or is seen now; there is no third case.
  private Optional<Ended> lastLook(Asked asked) {
    var found = tokens.check(asked.token(), audience.of(asked.resource().name()), clock.instant());
    return found instanceof TokenCheck.Good
        ? Optional.empty()
        : Optional.of(
            new Ended(
                How.CUT,
                0,
                Optional.of(new Refusal.Cut(Wording.of(new Refusal.BadToken(found)).text()))));
  }

  /// Never throws for what provider, agent or owner do; that is in what it returns.
  private Ended carried(Asks asks, Sending sending, Seen seen, Texts texts, AgentSide agent) {
    var asked = asks.asked();
    if (!asked.exchange().begin()) {
      return cut(asked.exchange(), 0);
    }
    int status = 0;
    try (var arrival =
        providers
            .to(asked.resource())
            .send(
                asked.request().endpoint(),
                asked.claims().task(),
                headers(asked),
                sending.bytes(),
                config.answerWithin())) {
      status = arrival.status();
      var passing =
          Passing.of(
              asked.request().endpoint(),
              seen,
              (name, kind, arguments) ->
                  asked
                      .exchange()
                      .undisturbed(() ->
                          proposed.of(
                              asks, seen, texts, new ProposedCalls.Call(name, kind, arguments))),
              texts,
              config.withheldBytesMax(),
              sending.tellsUsage());
      return arrival.isStream() && status < 300
          ? streamed(asked, arrival, seen, passing, agent)
          : whole(arrival, seen, passing, agent);
    } catch (UpstreamFailure e) {
      return failed(asked, e, status);
    } catch (Passing.Broken e) {
      return broken(status, String.valueOf(e.getMessage()));
    } catch (AgentSide.Gone e) {
      LOG.debug("an agent has gone", e);
      asked.exchange().left();
      return asked.exchange().cut().isPresent()
          ? cut(asked.exchange(), status)
          : new Ended(How.CANCELLED, status, Optional.empty());
    } finally {
      asked.exchange().end();
    }
  }

  private static Map<String, String> headers(Asked asked) {
    var headers = new LinkedHashMap<>(asked.headers());
    headers.put("content-type", "application/json");
    headers.put("remit-decision", asked.id().value());
    return headers;
  }

  private Ended whole(Provider.Arrival arrival, Seen seen, Passing passing, AgentSide agent)
      throws UpstreamFailure, Passing.Broken, AgentSide.Gone {
    int status = arrival.status();
    byte[] body = arrival.whole(config.answerBytesMax());
    seen.came(body);
    if (status == 401 || status == 403) {
      return broken(
          status, "it refuses the credential that Remit presents (status " + status + ")");
    }
    if (status >= 300 && status < 400) {
      return broken(status, "it redirects, which Remit does not follow");
    }
    if (status >= 400) {
      // Its own error, with what it says of trying again: the client knows best.
      seen.costsNothing();
      if (passing.texts.showsWhatMayNotPass(body)) {
        return broken(status, "its error shows a secret");
      }
      agent.error(status, arrival.headers(), body);
      return new Ended(How.FAILED, status, Optional.empty());
    }
    agent.send(status, arrival.headers(), passing.whole(body));
    return new Ended(How.ANSWERED, status, Optional.empty());
  }

  private Ended streamed(
      Asked asked, Provider.Arrival arrival, Seen seen, Passing passing, AgentSide agent)
      throws UpstreamFailure, Passing.Broken, AgentSide.Gone {
    long deadline = System.nanoTime() + config.wholeWithin().toNanos();
    agent.stream(arrival.status(), arrival.headers());
    var events = arrival.events(config.eventBytesMax());
    boolean isFirst = true;
    for (var next = events.next(); next.isPresent(); next = events.next()) {
      var event = next.get();
      seen.came(event.bytes());
      if (seen.bytes() > config.streamBytesMax()) {
        return broken(
            arrival.status(), "its stream is longer than " + config.streamBytesMax() + " bytes");
      }
      if (System.nanoTime() > deadline) {
        return new Ended(
            How.TIMEOUT, arrival.status(), Optional.of(new Refusal.TimedOut(config.wholeWithin())));
      }
      var passes =
          event.carriesMessage()
              ? passing.event(event.bytes(), event.data())
              : List.of(event.bytes());
      if (seen.proposals().size() > config.proposalsMax()) {
        return broken(
            arrival.status(), "it proposes more than " + config.proposalsMax() + " calls");
      }
      for (var bytes : passes) {
        agent.write(bytes);
      }
      // What has come together goes on together; whoever waits for the first sees it at once.
      if (isFirst || !events.isNextHere()) {
        agent.flush();
      }
      isFirst = false;
    }
    if (!seen.isComplete()) {
      return asked.exchange().cut().isPresent()
          ? cut(asked.exchange(), arrival.status())
          : broken(arrival.status(), "its stream ended in the middle");
    }
    agent.finish();
    return new Ended(How.ANSWERED, arrival.status(), Optional.empty());
  }

  private Ended failed(Asked asked, UpstreamFailure e, int status) {
    if (asked.exchange().cut().isPresent()) {
      return cut(asked.exchange(), status);
    }
    LOG.debug("{} failed", asked.resource().name(), e);
    var what = String.valueOf(e.getMessage());
    return switch (e.kind()) {
      case UNREACHABLE -> new Ended(How.FAILED, status, Optional.of(new Refusal.Unreachable(what)));
      case SILENT ->
          new Ended(How.TIMEOUT, status, Optional.of(new Refusal.TimedOut(config.answerWithin())));
      case BROKEN -> broken(status, what);
    };
  }

  private static Ended broken(int status, String why) {
    return new Ended(How.UNKNOWN, status, Optional.of(new Refusal.BrokenAnswer(why)));
  }

  private static Ended cut(Exchange exchange, int status) {
    var cut = exchange.cut().orElse(new Exchange.Cut(How.CUT, "stopped"));
    return new Ended(cut.how(), status, Optional.of(new Refusal.Cut(cut.why())));
  }

  /// Puts what was spent in the place of what was set aside, and says how it ended.
  private void settle(Asks asks, Ended ended, Seen seen, Texts texts, boolean isSent, long start) {
    var asked = asks.asked();
    var request = asked.request();
    var now = clock.instant();
    var used =
        isSent
            ? seen.tokens(request.bytes(), request.endpoint().generates())
            : new ModelAnswer.Tokens(0, 0, 0, ModelAnswer.Counted.REPORTED);
    long cost = asked.model().price().of(used.input(), used.cached(), used.output());
    var answer =
        new ModelAnswer(
            asked.id(),
            asked.claims().task(),
            asked.claims().identity(),
            request,
            ended.how(),
            ended.status(),
            seen.named(),
            seen.fingerprint(),
            seen.tier(),
            used,
            seen.finish(),
            seen.proposals(),
            Duration.ofNanos(seen.firstByteNanos() < 0 ? 0 : seen.firstByteNanos() - start),
            Duration.ofNanos(System.nanoTime() - start),
            now);
    budget.settle(asks.reserved(), used.all(), cost, now);
    tasks.answered(asked.claims(), seen.bytes(), now);
    records.ended(asked, answer, seen, texts, cost, ended.why());
    onAnswered.accept(answer);
  }
}
