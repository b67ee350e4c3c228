package dev.remit.server.models;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.gateway.Audience;
import dev.remit.server.gateway.Exchanges;
import dev.remit.server.gateway.TokenUse;
import dev.remit.server.http.Line;
import dev.remit.server.http.Presented;
import dev.remit.server.ledger.FencedException;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Upstream.Dialect;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.tokens.TaskClaims;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.Tokens;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every request to a model passes first, in this order: whose token it bears and whether that
/// stands, whether models answer there in its dialect, and whether it can be understood.
///
/// The one place where a broken world is caught: nothing was sent as long as the decision could not
/// be recorded.
final class ModelDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ModelDoor.class);

  /// What may travel on to a provider. Never the agent's token, nor whose account is charged.
  private static final Set<String> CARRIED =
      Set.of("accept", "anthropic-version", "anthropic-beta", "traceparent", "tracestate");

  private final InstantSource clock;
  private final ModelsConfig config;
  private final Audience audience;
  private final Tokens tokens;
  private final Registry registry;
  private final Exchanges exchanges;
  private final RequestReader reader;
  private final QuestionRecords records;
  private final GovernedQuestion story;
  private final ModelList list;
  private final Consumer<TokenUse> onUse;
  private volatile boolean isClosed;

  ModelDoor(
      InstantSource clock,
      ModelsConfig config,
      Tokens tokens,
      Registry registry,
      Exchanges exchanges,
      QuestionRecords records,
      GovernedQuestion story,
      ModelList list,
      Consumer<TokenUse> onUse) {
    this.clock = clock;
    this.config = config;
    this.audience = new Audience(config.publicUrl());
    this.tokens = tokens;
    this.registry = registry;
    this.exchanges = exchanges;
    this.reader = new RequestReader(config);
    this.records = records;
    this.story = story;
    this.list = list;
    this.onUse = onUse;
  }

  /// Takes no new questions from now on.
  void close() {
    isClosed = true;
  }

  /// Who has come in.
  private record Visitor(
      String token, TaskClaims claims, Workflow workflow, Resource resource, AgentSide agent) {}

  private interface Business {
    void with(Visitor visitor) throws AgentSide.Gone;
  }

  /// A question.
  void ask(Endpoint endpoint, ServerRequest request, ServerResponse response) {
    enter(
        request,
        new AgentSide(response, endpoint.dialect()),
        visitor -> question(endpoint, request, visitor));
  }

  /// Which models there are for whoever asks.
  void list(ServerRequest request, ServerResponse response) {
    var dialect = spoken(request);
    enter(
        request,
        new AgentSide(response, dialect),
        visitor ->
            visitor
                .agent()
                .send(
                    200,
                    Map.of("content-type", "application/json", "cache-control", "no-store"),
                    list.of(visitor.claims(), visitor.resource(), dialect, clock.instant())));
  }

  /// Whatever else a provider may offer.
  void unknown(ServerRequest request, ServerResponse response) {
    enter(
        request,
        new AgentSide(response, spoken(request)),
        visitor ->
            refuse(
                visitor,
                Wording.shortened(request.path().path()),
                new Refusal.UnknownPath(request.path().path())));
  }

  private static Dialect spoken(ServerRequest request) {
    return request.headers().contains(HeaderNames.create("anthropic-version"))
        ? Dialect.ANTHROPIC
        : Dialect.OPENAI;
  }

  private void enter(ServerRequest request, AgentSide agent, Business business) {
    try {
      identify(request, agent, business);
    } catch (AgentSide.Gone e) {
      throw new CloseConnectionException("the agent has gone", e);
    } catch (DatabaseUnavailable | FencedException e) {
      LOG.warn("a question could not be decided durably", e);
      giveUp(new Refusal.NotRecorded(), agent);
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("a question failed in a way that is not expected", e);
      giveUp(new Refusal.Bug(), agent);
    }
  }

  private void identify(ServerRequest request, AgentSide agent, Business business)
      throws AgentSide.Gone {
    var text = request.path().pathParameters().get("resource");
    ResourceName name;
    try {
      name = new ResourceName(text);
    } catch (IllegalArgumentException e) {
      agent.refuse(new Refusal.BadToken(new TokenCheck.Missing()));
      return;
    }
    var presented = presented(request);
    switch (tokens.check(presented, audience.of(name), clock.instant())) {
      case TokenCheck.Good(var claims) -> {
        onUse.accept(
            new TokenUse(
                claims.jti(), claims.identity(), request.remotePeer().host(), clock.instant()));
        var registered = registry.current();
        var workflow = registered.workflow(claims.workflow());
        var resource = registered.resource(name);
        if (workflow.isEmpty() || resource.isEmpty()) {
          agent.refuse(new Refusal.UnknownResource(text));
        } else if (!(resource.get().upstream() instanceof Upstream.Models)) {
          agent.refuse(new Refusal.NoModels(name));
        } else if (isClosed) {
          agent.header("Connection", "close");
          agent.refuse(new Refusal.Stopping());
        } else {
          business.with(
              new Visitor(presented.credential(), claims, workflow.get(), resource.get(), agent));
        }
      }
      case TokenCheck bad -> turnAway(bad, name, agent);
    }
  }

  /// The clients of Anthropic send the token as `x-api-key`.
  private static Presented presented(ServerRequest request) {
    var presented = Presented.by(request);
    var key = request.headers().first(HeaderNames.create("x-api-key")).orElse("");
    return presented.authorization().isEmpty() && !key.isEmpty()
        ? new Presented(
            "Bearer " + key,
            presented.dpop(),
            presented.method(),
            presented.path(),
            presented.certificates())
        : presented;
  }

  private void turnAway(TokenCheck bad, ResourceName resource, AgentSide agent)
      throws AgentSide.Gone {
    var now = clock.instant();
    var id = DecisionId.fresh(now);
    records.turnedAway(id, resource, bad, now).ifPresent(receipt -> agent.show(id, receipt));
    agent.header(
        "WWW-Authenticate", "Bearer resource_metadata=\"" + audience.metadata(resource) + "\"");
    if (bad instanceof TokenCheck.NotHeld notHeld) {
      agent.header("WWW-Authenticate", notHeld.challenge());
      notHeld.nonce().ifPresent(nonce -> agent.header("DPoP-Nonce", nonce));
    }
    agent.refuse(new Refusal.BadToken(bad));
  }

  private void question(Endpoint endpoint, ServerRequest request, Visitor visitor)
      throws AgentSide.Gone {
    var resource = visitor.resource();
    if (!(resource.upstream() instanceof Upstream.Models models)
        || !models.dialects().contains(endpoint.dialect())) {
      refuse(visitor, endpoint.path(), new Refusal.OtherDialect(resource.name(), endpoint));
      return;
    }
    var bytes = body(request);
    if (bytes.length > config.requestBytesMax()) {
      refuse(visitor, endpoint.path(), new Refusal.TooLarge(config.requestBytesMax()));
      return;
    }
    var registered = registry.current();
    switch (reader.read(endpoint, resource, registered, bytes)) {
      case RequestReader.Reading.Wrong(var why) -> refuse(visitor, endpoint.path(), why);
      case RequestReader.Reading.Read(var asked, var model, var json) -> {
        var claims = visitor.claims();
        try (var exchange =
            exchanges.open(claims, visitor.workflow().owner(), Line.current(), true)) {
          story.carry(
              new Asked(
                  DecisionId.fresh(clock.instant()),
                  visitor.token(),
                  claims,
                  visitor.workflow(),
                  registered,
                  resource,
                  model,
                  List.of(),
                  asked,
                  json,
                  bytes,
                  carried(request),
                  exchange),
              visitor.agent());
        }
      }
    }
  }

  private byte[] body(ServerRequest request) throws AgentSide.Gone {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      return in.readNBytes(config.requestBytesMax() + 1);
    } catch (IOException | RuntimeException e) {
      throw new AgentSide.Gone(e);
    }
  }

  private static Map<String, String> carried(ServerRequest request) {
    var carried = new HashMap<String, String>();
    request
        .headers()
        .forEach(header -> {
          var name = header.name().toLowerCase(Locale.ROOT);
          if (CARRIED.contains(name)) {
            carried.putIfAbsent(name, String.join(",", header.allValues()));
          }
        });
    return carried;
  }

  private void refuse(Visitor visitor, String method, Refusal why) throws AgentSide.Gone {
    var now = clock.instant();
    var id = DecisionId.fresh(now);
    visitor
        .agent()
        .show(
            id, records.refused(id, visitor.claims(), visitor.resource().name(), method, why, now));
    visitor.agent().refuse(why);
  }

  private static void giveUp(Refusal why, AgentSide agent) {
    if (agent.hasBegun()) {
      throw new CloseConnectionException(Wording.of(why).text());
    }
    try {
      agent.refuse(why);
    } catch (AgentSide.Gone e) {
      LOG.debug("an agent has gone", e);
    }
  }
}
