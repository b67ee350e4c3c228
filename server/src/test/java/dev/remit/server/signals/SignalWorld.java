package dev.remit.server.signals;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Problem;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TokenConfig;
import dev.remit.server.tokens.proof.ProofConfig;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A node that a transmitter pushes to, over real HTTP: the transmitter's key set is served, too.
/// Closing it verifies the ledger, and that its state is accounted for.
final class SignalWorld implements AutoCloseable {
  static final URI OURS = URI.create("https://remit.example");
  static final String IDP = "https://idp.example";
  static final String AUDIENCE = OURS + "/v1/signals/idp";
  static final String AGENT = "spiffe://remit.local/invoices/agent";
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final ECKey key = fresh();
  final CommitFaults faults = new CommitFaults();
  final Path data = TestDatabase.enterable("signals-");
  private final InstantSource clock = InstantSource.fixed(NOW);
  private final Database database = Database.open(TestDatabase.freshConfig(), faults);
  private final MasterKey master = MasterKey.open(data, Map.of());
  private final Ledger ledger =
      Ledger.open(
          database, new LedgerConfig("node-1", "signals.test/1"), KeyWrap.of(master), clock);
  private final Registered registered = registered();
  final Authorization authorization =
      new Authorization(TokenConfig.of(OURS), database, ledger, master, () -> registered, clock);
  private final HttpServer keys = keys();
  private final WebServer server;

  SignalWorld() {
    var source =
        new SignalConfig.Source(
            "idp",
            URI.create(IDP),
            URI.create("http://127.0.0.1:" + keys.getAddress().getPort() + "/keys"),
            AUDIENCE,
            Optional.of("agreed"));
    var signals =
        new Signals(
            new SignalConfig(
                OURS,
                Duration.ofSeconds(30),
                Duration.ofHours(24),
                ProofConfig.Fetch.defaults(),
                List.of(source)),
            database,
            ledger,
            authorization.standings(),
            authorization.tasks(),
            () -> registered);
    var edge =
        new Edge(
            clock,
            authorization.callers(),
            e ->
                e instanceof DatabaseUnavailable
                    ? Optional.of(new Problem(503, "database-away", "it is away", "wait"))
                    : Optional.empty());
    server =
        WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .port(0)
            .routing(edge.routing(signals.operations()))
            .build()
            .start();
  }

  // What is sent.

  static ObjectNode agent() {
    return subject("iss_sub").put("iss", OURS.toString()).put("sub", AGENT);
  }

  static ObjectNode subject(String format) {
    return JSON.createObjectNode().put("format", format);
  }

  static ObjectNode claims(String event, JsonNode subject) {
    var claims = JSON.createObjectNode();
    claims.put("iss", IDP).put("aud", AUDIENCE).put("jti", "set-1");
    claims.put("iat", NOW.getEpochSecond());
    claims.set("sub_id", subject);
    claims
        .putObject("events")
        .putObject("https://schemas.openid.net/secevent/" + event)
        .put("event_timestamp", NOW.getEpochSecond());
    return claims;
  }

  static ObjectNode revoked() {
    return claims("caep/event-type/session-revoked", agent());
  }

  String signed(JsonNode claims) {
    return signed(claims, "secevent+jwt", key);
  }

  static String signed(JsonNode claims, String type, ECKey by) {
    try {
      var header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .type(new JOSEObjectType(type))
              .keyID(by.getKeyID())
              .build();
      var jwt = new JWSObject(header, new Payload(claims.toString()));
      jwt.sign(new ECDSASigner(by));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  // How.

  HttpResponse<String> push(String set) {
    return push(set, "Bearer agreed", "application/secevent+jwt");
  }

  HttpResponse<String> push(String set, String authorization, String type) {
    var address = URI.create("http://127.0.0.1:" + server.port() + "/v1/signals/idp");
    var request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", type)
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(set));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void keysGone() {
    keys.stop(0);
  }

  // What came of it.

  boolean isSuspended(String identity) {
    return authorization.standings().isSuspended(Party.of(new IdentityName(identity)));
  }

  boolean isPersonSuspended(String person) {
    return authorization.standings().isSuspended(Party.of(new PersonName(person)));
  }

  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  static ECKey fresh() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  private Registered registered() {
    var workflow =
        new Workflow(
            new WorkflowName("invoices"),
            "pay what is due",
            new PersonName("anna"),
            Optional.empty(),
            "call anna",
            Set.of("internal"),
            Set.of("pay-invoices"),
            Stage.PRODUCTION,
            Optional.empty(),
            Duration.ofDays(365),
            ZoneOffset.UTC);
    return new Registered(
        1, List.of(person("anna"), person("admin"), workflow, identity("agent"), identity("twin")));
  }

  private static Person person(String name) {
    return new Person(
        new PersonName(name),
        name,
        Optional.of(name + "@example.com"),
        Optional.of("sub-of-" + name),
        Set.of(Role.OWNER),
        true);
  }

  private static Identity identity(String name) {
    return new Identity(
        new IdentityName(name),
        new SpiffeId("spiffe://remit.local/invoices/" + name),
        new WorkflowName("invoices"),
        IdentityKind.AGENT,
        Autonomy.ACTS_ALONE,
        Optional.empty(),
        Set.of(),
        List.of(
            new Authentication.Oidc(
                URI.create(IDP), OURS.toString(), "workload-" + name, Map.of())));
  }

  private HttpServer keys() {
    try {
      var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var set = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
      http.createContext(
          "/keys",
          exchange -> {
            exchange.sendResponseHeaders(200, set.length);
            exchange.getResponseBody().write(set);
            exchange.close();
          });
      http.start();
      return http;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    keys.stop(0);
    server.stop();
    authorization.close();
    try {
      Accounted.check(database, NOW);
    } finally {
      Audited.close(ledger, new LedgerReader(database, ledger, KeyWrap.of(master)));
      database.close();
    }
  }
}
