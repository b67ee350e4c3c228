package dev.remit.server.signals;

import dev.remit.server.http.Access;
import dev.remit.server.http.Call;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.Tasks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Shared signals over HTTP: where transmitters push to, and what receivers of ours read first.
///
/// Source: RFC 8935; OpenID Shared Signals Framework 1.0, section 7.1.
public final class Signals {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String MEDIA_TYPE = "application/secevent+jwt";

  private final SignalConfig config;
  private final Database database;
  private final SignalReceiver receiver;
  private final SignalStore store = new SignalStore();

  public Signals(
      SignalConfig config,
      Database database,
      Ledger ledger,
      Standings standings,
      Tasks tasks,
      Supplier<Registered> registered) {
    this.config = config;
    this.database = database;
    this.receiver = new SignalReceiver(config, database, ledger, standings, tasks, registered);
  }

  public List<Operation> operations() {
    return List.of(
        new Operation(
            Method.POST,
            "/v1/signals/{transmitter}",
            new Access.Own(),
            "Take a security event token of a configured transmitter (RFC 8935)",
            this::push),
        new Operation(
            Method.GET,
            "/.well-known/ssf-configuration",
            new Access.Open(),
            "Describe the transmitter of shared signals",
            _ -> Reply.json(200, metadata()).with("Cache-Control", "public, max-age=300")));
  }

  /// Forgets tokens that would be refused for their age.
  public int forget(Instant now) {
    return database.transact(tx -> store.prune(tx, now));
  }

  private Reply push(Call call) {
    var name = call.param("transmitter");
    var source = config.transmitter(name);
    if (source.isEmpty()) {
      return Reply.problem(
          new Problem(
              404,
              "not-found",
              "no transmitter of that name is configured",
              "name it under `signals.transmitters`, or correct the address"));
    }
    var type = call.header("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.startsWith(MEDIA_TYPE)) {
      return refused(SignalError.INVALID_REQUEST, "the content type must be " + MEDIA_TYPE);
    }
    var body = new String(call.body(), StandardCharsets.UTF_8);
    var authorization = call.header("authorization").orElse("");
    return switch (receiver.receive(source.get(), authorization, body, call.at())) {
      case SignalReceiver.Answer.Taken() -> Reply.empty(202);
      case SignalReceiver.Answer.Refused(var error, var detail) -> refused(error, detail);
      case SignalReceiver.Answer.Later(var why) ->
          Reply.problem(new Problem(503, "keys-unavailable", why, "push it again later"))
              .with("Retry-After", "30");
    };
  }

  private static Reply refused(SignalError error, String detail) {
    var body = JSON.createObjectNode().put("err", error.code()).put("description", detail);
    return Reply.json(400, body).with("Content-Language", "en");
  }

  private JsonNode metadata() {
    var issuer = config.issuer().toString();
    var metadata = JSON.createObjectNode();
    metadata.put("spec_version", "1_0");
    metadata.put("issuer", issuer);
    metadata.put("jwks_uri", issuer + "/oauth2/jwks");
    metadata.putArray("delivery_methods_supported").add("urn:ietf:rfc:8935");
    metadata.put("default_subjects", "ALL");
    return metadata;
  }
}
