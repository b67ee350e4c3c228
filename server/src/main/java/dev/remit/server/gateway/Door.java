package dev.remit.server.gateway;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.gateway.Said.Form;
import dev.remit.server.gateway.wire.Era;
import dev.remit.server.gateway.wire.Message;
import dev.remit.server.gateway.wire.MessageReader;
import dev.remit.server.gateway.wire.Reading;
import dev.remit.server.ledger.FencedException;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.Tokens;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What every HTTP request to the gateway passes first, in this order: whether it comes from a site
/// that may call us, whose token it bears and whether that stands, whether the message can be read,
/// which era it is spoken in, and whose session it belongs to. Behind it, [Desk] sends each message
/// to the class that treats its method.
///
/// The one place where a broken world is caught: nothing was sent as long as the decision could not
/// be recorded.
final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  private final InstantSource clock;
  private final GatewayConfig config;
  private final Sites sites;
  private final Audience audience;
  private final Tokens tokens;
  private final Registry registry;
  private final Bindings bindings;
  private final MessageReader reader;
  private final CallRecords records;
  private final Desk desk;
  private volatile boolean isClosed;
  private volatile Consumer<TokenUse> onUse = _ -> {};

  Door(
      InstantSource clock,
      GatewayConfig config,
      Tokens tokens,
      Registry registry,
      Bindings bindings,
      MessageReader reader,
      CallRecords records,
      Desk desk) {
    this.clock = clock;
    this.config = config;
    this.sites = new Sites(config);
    this.audience = new Audience(config.publicUrl());
    this.tokens = tokens;
    this.registry = registry;
    this.bindings = bindings;
    this.reader = reader;
    this.records = records;
    this.desk = desk;
  }

  /// Tells `listener` of every good token that is shown. It must not block.
  void onUse(Consumer<TokenUse> listener) {
    onUse = listener;
  }

  void used(TokenUse use) {
    onUse.accept(use);
  }

  /// Takes no new requests from now on. What belongs to those under way still passes: notices, and
  /// answers to what a server has asked.
  void close() {
    isClosed = true;
  }

  /// A message from the agent.
  void post(ServerRequest request, ServerResponse response) {
    enter(request, response, this::message);
  }

  /// The stream of what the server sends on its own, or one that is resumed (legacy).
  void get(ServerRequest request, ServerResponse response) {
    enter(request, response, this::listen);
  }

  /// The end of a session (legacy).
  void delete(ServerRequest request, ServerResponse response) {
    enter(request, response, desk::leave);
  }

  /// What is done for an agent who has come in.
  private interface Business {
    void with(Inbound in, Agent agent, Resource resource, AgentSide side) throws AgentGone;
  }

  private void enter(ServerRequest request, ServerResponse response, Business business) {
    var in = Inbound.of(request);
    var side = new AgentSide(response);
    try {
      var foreign = sites.foreign(in);
      if (foreign.isPresent()) {
        answer(foreign.get(), Era.LEGACY, side);
        return;
      }
      identify(in, business, side);
    } catch (AgentGone e) {
      throw new CloseConnectionException("the agent has gone", e);
    } catch (DatabaseUnavailable | FencedException e) {
      LOG.warn("a request could not be decided durably", e);
      giveUp(new Refusal.NotRecorded(), 503, side);
    } catch (CloseConnectionException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("a request to `{}` failed in a way that is not expected", in.resource(), e);
      giveUp(new Refusal.Bug(), 500, side);
    }
  }

  private void identify(Inbound in, Business business, AgentSide side) throws AgentGone {
    var name = in.resourceName();
    if (name.isEmpty()) {
      answer(new Refusal.BadToken(new TokenCheck.Missing()), Era.LEGACY, side);
      return;
    }
    var presented = in.presented();
    switch (tokens.check(presented, audience.of(name.get()), clock.instant())) {
      case TokenCheck.Good(var claims) -> {
        onUse.accept(new TokenUse(claims.jti(), claims.identity(), in.from(), clock.instant()));
        var registered = registry.current();
        var workflow = registered.workflow(claims.workflow());
        var resource = registered.resource(name.get());
        if (workflow.isEmpty() || resource.isEmpty()) {
          answer(new Refusal.UnknownResource(name.get()), Era.LEGACY, side);
          return;
        }
        if (resource.get().upstream() instanceof Upstream.Database) {
          answer(new Refusal.NoServer(name.get()), Era.LEGACY, side);
          return;
        }
        business.with(
            in,
            new Agent(presented.credential(), claims, workflow.get(), registered, bindings),
            resource.get(),
            side);
      }
      case TokenCheck bad -> turnAway(bad, presented.credential(), name.get(), side);
    }
  }

  private void turnAway(TokenCheck bad, String token, ResourceName resource, AgentSide side)
      throws AgentGone {
    var why = new Refusal.BadToken(bad);
    var said = Wording.of(why);
    var now = clock.instant();
    var id = DecisionId.fresh(now);
    records
        .turnedAway(id, resource.value(), bad, token, now)
        .ifPresent(receipt -> side.show(id, receipt));
    if (said.form() instanceof Form.Challenge(var error)) {
      side.header("WWW-Authenticate", challenge(resource, error, said));
    }
    if (bad instanceof TokenCheck.NotHeld notHeld) {
      side.header(
          "WWW-Authenticate",
          notHeld.challenge() + ", resource_metadata=\"" + audience.metadata(resource) + "\"");
      notHeld.nonce().ifPresent(nonce -> side.header("DPoP-Nonce", nonce));
    }
    answer(why, Era.LEGACY, side);
  }

  private String challenge(ResourceName resource, String error, Said said) {
    var metadata = "Bearer resource_metadata=\"" + audience.metadata(resource) + "\"";
    return error.isEmpty()
        ? metadata
        : metadata
            + ", error=\""
            + error
            + "\", error_description=\""
            + said.text().replace('"', '\'')
            + "\"";
  }

  private void message(Inbound in, Agent agent, Resource resource, AgentSide side)
      throws AgentGone {
    byte[] bytes;
    try {
      bytes = in.body(config.messageBytesMax());
    } catch (IOException | RuntimeException e) {
      throw new AgentGone(e);
    }
    if (bytes.length > config.messageBytesMax()) {
      refuse(new Refusal.TooLarge(config.messageBytesMax()), agent, resource, side);
      return;
    }
    if (!in.header("content-type").toLowerCase(Locale.ROOT).startsWith("application/json")) {
      refuse(new Refusal.NotJsonType(in.header("content-type")), agent, resource, side);
      return;
    }
    switch (reader.read(bytes)) {
      case Reading.NotJson(var why) -> refuse(new Refusal.NotJson(why), agent, resource, side);
      case Reading.NotRpc(var why) -> refuse(new Refusal.NotRpc(why), agent, resource, side);
      case Reading.Read(Message.Request request) -> {
        if (isClosed) {
          turnAway(agent, resource, Spoken.eraOf(in), request.id().json(), side);
        } else {
          desk.request(in, agent, resource, request, bytes, side);
        }
      }
      case Reading.Read(Message.Notice notice) ->
          desk.notice(in, agent, resource, notice, bytes, side);
      case Reading.Read(Message.Answer answer) ->
          desk.answer(in, agent, resource, answer, bytes, side);
      case Reading.Read(Message.Complaint _) ->
          refuse(new Refusal.NotRpc("it has no `id`"), agent, resource, side);
    }
  }

  private void listen(Inbound in, Agent agent, Resource resource, AgentSide side) throws AgentGone {
    if (isClosed) {
      turnAway(agent, resource, Era.LEGACY, "null", side);
    } else {
      desk.listen(in, agent, resource, side);
    }
  }

  private void turnAway(Agent agent, Resource resource, Era era, String id, AgentSide side)
      throws AgentGone {
    side.header("Retry-After", "5");
    side.header("Connection", "close");
    desk.refuse(new Refusal.Stopping(), agent, resource, era, id, side);
  }

  /// Refuses what cannot be answered as a request, because it was not read as far as its id.
  private void refuse(Refusal why, Agent agent, Resource resource, AgentSide side)
      throws AgentGone {
    desk.refuse(why, agent, resource, Era.LEGACY, "null", side);
  }

  private static void answer(Refusal why, Era era, AgentSide side) throws AgentGone {
    side.send(RefusalBody.status(Wording.of(why), era), JSON, RefusalBody.alone(why, "null"));
  }

  private static void giveUp(Refusal why, int status, AgentSide side) {
    if (side.hasBegun()) {
      throw side.breakOff(Wording.of(why).text());
    }
    try {
      side.send(status, JSON, RefusalBody.alone(why, side.requestId()));
    } catch (AgentGone e) {
      LOG.debug("an agent has gone", e);
    }
  }
}
