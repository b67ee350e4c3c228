package dev.remit.server.lending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.FreePort;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.approvals.Part;
import dev.remit.server.approvals.Separation;
import dev.remit.server.assumptions.Present;
import dev.remit.server.assumptions.RiskClasses;
import dev.remit.server.certificates.CertificateConfig;
import dev.remit.server.certificates.Certificates;
import dev.remit.server.credentials.OutsideConfig;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.decisions.Decided;
import dev.remit.server.decisions.Decisions;
import dev.remit.server.decisions.Question;
import dev.remit.server.drills.DrillConfig;
import dev.remit.server.drills.Drills;
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.emergency.EmergencyConfig;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.CommitFaultWhen;
import dev.remit.server.gateway.Gateway;
import dev.remit.server.gateway.GatewayConfig;
import dev.remit.server.http.AlwaysFresh;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Lines;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.inspection.Canaries;
import dev.remit.server.inspection.Inspection;
import dev.remit.server.inspection.Sightings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.registry.Wish;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.ControlPart;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Resumptions;
import dev.remit.server.tokens.Taken;
import dev.remit.server.tokens.TestAgent;
import dev.remit.server.tokens.TokenConfig;
import io.helidon.webserver.WebServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole server with one workflow and its agent, beside a real PostgreSQL of somebody else in
/// which the agent may have roles; policy as a function.
///
/// Closing it checks what must hold after every test: what exists at the database is what is on
/// record as not yet gone, no session has outlived its role, each decision that let something
/// through has its outcome, and every row is accounted for by the ledger.
final class LendingWorld implements AutoCloseable {
  static final LendingConfig QUICK =
      new LendingConfig(
          4,
          Duration.ofMinutes(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofHours(1),
          8,
          16,
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ID = "spiffe://remit.local/invoices/invoice-agent";
  private static final String HELPER = "spiffe://remit.local/invoices/helper";
  private static final PersonName ADMIN = new PersonName("admin");

  final OrdersDatabase orders;
  final URI url = URI.create("http://127.0.0.1:" + FreePort.find());
  final CommitFaultWhen faults = new CommitFaultWhen();
  final Lending lending;
  final Certificates certificates;
  final Authorization authorization;
  final Secrets secrets;
  final Findings findings;
  private final Emergencies emergencies;
  volatile Function<Question, Decision> policy =
      _ -> new Decision.Allow(List.of(new PolicyId("test-allows")), List.of());
  private final DatabaseConfig where;
  private final Database database;
  private final Ledger ledger;
  private final Registry registry;
  private final Approvals approvals;
  private final Gateway gateway;
  private final Inspection inspection;
  private final WebServer server;
  private final TestAgent agent = new TestAgent(url, ID);
  private final TestAgent helper = new TestAgent(url, HELPER);
  private final Path data;
  private boolean closed;

  /// Set by a test that leaves something at the database on purpose.
  boolean leaves;

  /// Set where a process before this one has died without recording outcomes.
  boolean crashed;

  LendingWorld() {
    this(QUICK);
  }

  LendingWorld(LendingConfig config) {
    this(config, TestDatabase.freshConfig(), TestDatabase.enterable("lending-"));
  }

  LendingWorld(LendingConfig config, DatabaseConfig where, Path data) {
    this(config, where, data, new OrdersDatabase());
  }

  /// A further one over what earlier ones have left.
  LendingWorld(LendingConfig config, DatabaseConfig where, Path data, OrdersDatabase orders) {
    this(config, where, data, orders, LendingCrashes.NEVER);
  }

  LendingWorld(
      LendingConfig config,
      DatabaseConfig where,
      Path data,
      OrdersDatabase orders,
      LendingCrashes crashes) {
    this.orders = orders;
    var clock = InstantSource.system();
    this.where = where;
    this.data = data;
    database = Database.open(where, faults);
    var master = MasterKey.open(data, Map.of());
    var wrap = KeyWrap.of(master);
    ledger = Ledger.open(database, new LedgerConfig("node-1", "ledger.test/l"), wrap, clock);
    registry =
        Registry.open(
            database,
            ledger,
            RegistryConfig.DEFAULT,
            _ -> new PolicyCheck.Verdict.Valid(Digest.of("any"), List.of()),
            _ -> true,
            clock.instant());
    authorization =
        new Authorization(TokenConfig.of(url), database, ledger, master, registry::current, clock);
    secrets = new Secrets(database, ledger, master);
    password(OrdersDatabase.ADMIN_PASSWORD);
    approvals =
        new Approvals(
            database,
            ledger,
            new Findings(database, ledger),
            ApprovalsConfig.DEFAULT,
            () -> new Present(registry.current(), Digest.of("any"), RiskClasses.NOT_COMPUTED),
            new Separation(Set.of(), registry::current),
            Part.by(registry));
    findings = new Findings(database, ledger);
    declare(manifests());
    declare(database("orders", orders.port, "[reader, writer]"));
    var canaries = new Canaries(database, ledger, master);
    inspection = new Inspection(secrets, canaries, new Sightings(database, findings, canaries));
    emergencies =
        new Emergencies(database, ledger, findings, EmergencyConfig.DEFAULT, registry::current);
    gateway =
        new Gateway(
            GatewayConfig.defaults(url),
            clock,
            registry,
            Bindings.UNGUARDED,
            authorization.tokens(),
            authorization.tasks(),
            authorization.standings(),
            secrets,
            new UpstreamTokens(clock, OutsideConfig.DEFAULT, secrets, ledger),
            new Ruled(),
            emergencies,
            approvals,
            ledger,
            new LedgerReader(database, ledger, wrap),
            wrap,
            data.resolve("scratch"),
            inspection);
    lending =
        new Lending(
            config,
            clock,
            database,
            ledger,
            registry,
            secrets,
            findings,
            authorization.tasks(),
            authorization.standings(),
            authorization.tokens(),
            gateway.credentials(),
            crashes);
    certificates =
        new Certificates(
            CertificateConfig.of(url, "remit.local"),
            clock,
            database,
            ledger,
            master,
            registry::current,
            authorization,
            findings);
    authorization.tasks().followedBy(certificates.aftermath());
    authorization.tasks().followedBy(lending.aftermath());
    var operations = new ArrayList<Operation>(authorization.operations(new AlwaysFresh()));
    operations.addAll(gateway.operations());
    operations.addAll(new CredentialRoutes(lending, certificates, registry::current).operations());
    operations.addAll(certificates.operations());
    operations.addAll(new LinkRoutes(lending).operations());
    server =
        Lines.on(WebServer.builder())
            .host("127.0.0.1")
            .port(url.getPort())
            .shutdownHook(false)
            .routing(
                new Edge(
                        clock,
                        authorization.callers(),
                        e ->
                            e instanceof DatabaseUnavailable
                                ? Optional.of(new Problem(503, "database-away", "away", "wait"))
                                : Optional.empty())
                    .routing(operations))
            .build()
            .start();
  }

  private final class Ruled implements Decisions {
    @Override
    public Decided decide(Question question) {
      return new Decided(policy.apply(question), Digest.of("one"));
    }

    @Override
    public List<Decided> decideAll(List<Question> questions) {
      return questions.stream().map(this::decide).toList();
    }
  }

  void password(String value) {
    secrets.put(
        new SecretName("orders-admin"), new SecretValue(value), false, ADMIN, Instant.now());
  }

  void declare(String yaml) {
    assertThat(applied(yaml)).isInstanceOf(Applied.Done.class);
  }

  Applied applied(String yaml) {
    var author = new Author(ADMIN, EnumSet.allOf(Role.class));
    return registry.apply(Wish.of(new ManifestFile("test.yaml", yaml)), author, Instant.now());
  }

  String person(String name) {
    var now = Instant.now();
    return authorization
        .operators()
        .issue(new PersonName(name), ADMIN, Optional.of(now.plusSeconds(600)), now)
        .token();
  }

  /// The name by which the roles of this world are told from others'.
  String deployment() {
    return stored("SELECT name AS text FROM credential_deployment").getFirst();
  }

  // What an agent does.

  String token(String... tools) {
    return tokenFor("orders", tools);
  }

  String tokenFor(String resource, String... tools) {
    return agent.token(resource, tools);
  }

  /// A token of the helper, by which it acts for the agent.
  String delegated(String resource) {
    return helper.acting(agent.delegation(helper, Map.of()), resource);
  }

  static String task(String token) {
    var claims = JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    return claims.path("task").stringValue();
  }

  /// What an agent was given.
  record Given(String id, String task, String token, String user, String password) {}

  HttpResponse<String> ask(String token, String profile) {
    return post(
        "/v1/credentials", token, "{\"resource\":\"orders\",\"profile\":\"" + profile + "\"}");
  }

  Given given(String profile) {
    return given(token(), profile);
  }

  Given given(String token, String profile) {
    var answer = ask(token, profile);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    var json = JSON.readTree(answer.body());
    return new Given(
        json.path("id").stringValue(),
        json.path("task").stringValue(),
        token,
        json.path("user").stringValue(),
        json.path("password").stringValue());
  }

  Connection login(Given given) throws SQLException {
    return orders.login(given.user(), given.password());
  }

  HttpResponse<String> complete(Given given) {
    return post("/v1/tasks/" + given.task() + "/complete", given.token(), "");
  }

  HttpResponse<String> post(String path, String token, String body) {
    return send(
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(String path, String token) {
    return send(
        HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer " + token));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return agent.send(request);
  }

  static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }

  /// The last segment of a problem's type.
  static String slug(HttpResponse<String> answer) {
    return json(answer).path("type").asString(answer.body()).replaceFirst(".*/", "");
  }

  // What people do.

  void suspend() {
    suspend(Party.of(new IdentityName("invoice-agent")));
  }

  void suspend(Party party) {
    authorization.standings().suspend(party, ADMIN, "a test", Instant.now());
  }

  /// Suspends the agent at a node that dies between the commit and everything that follows from it:
  /// it has neither a gateway nor credentials, and ends without having measured anything.
  static void suspendAndDie(DatabaseConfig where, Path data) {
    var clock = InstantSource.system();
    var master = MasterKey.open(data, Map.of());
    try (var database = Database.open(where);
        var ledger =
            Ledger.open(
                database, new LedgerConfig("node-2", "ledger.test/2"), KeyWrap.of(master), clock);
        var dying =
            new Authorization(
                TokenConfig.of(URI.create("https://dying.example")),
                database,
                ledger,
                master,
                () -> new Registered(1, List.of()),
                clock)) {
      dying
          .standings()
          .controls()
          .watch(
              new ControlPart() {
                @Override
                public String name() {
                  return "sessions";
                }

                @Override
                public Look look(Tx tx, Taken taken, Instant begun) {
                  return new Look(0, 1);
                }
              });
      dying
          .standings()
          .suspend(Party.of(new IdentityName("invoice-agent")), ADMIN, "a test", clock.instant());
    }
  }

  /// The agent as a canary.
  Drills drills(DrillConfig config) {
    return new Drills(
        config,
        url,
        InstantSource.system(),
        database,
        ledger,
        registry::current,
        secrets,
        findings,
        authorization.standings());
  }

  /// The agent's private key as a canary's secret holds it.
  String privateKey() {
    return agent.key().toJSONString();
  }

  /// The key by which the agent proves who it is.
  Party ownKey() {
    return Party.key(Authentication.thumbprint(agent.key().toPublicJWK()));
  }

  void resume() {
    resume(Party.of(new IdentityName("invoice-agent")));
  }

  void resume(Party party) {
    var now = Instant.now();
    var asked = authorization.resumptions().ask(party, ADMIN, "a test", now);
    assertThat(asked).isInstanceOf(Resumptions.Asked.Open.class);
    var id = ((Resumptions.Asked.Open) asked).resumption().id();
    assertThat(authorization.resumptions().answer(id, new PersonName("anna"), true, now)).isTrue();
  }

  // What is there.

  String state(Given given) {
    return stored("SELECT state AS text FROM credential WHERE id = '" + given.id() + "'")
        .getFirst();
  }

  void awaitGone(Given given) {
    await().atMost(Duration.ofSeconds(15)).until(() -> state(given).equals("REVOKED"));
    assertThat(OrdersDatabase.roles(deployment())).doesNotContain(given.user());
  }

  List<String> roles() {
    return OrdersDatabase.roles(deployment());
  }

  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  List<String> stored(String query) {
    return database.transact(tx -> tx.all(query, row -> row.text("text")));
  }

  void tamper(String sql) {
    database.run(tx -> tx.update(sql));
  }

  DatabaseConfig where() {
    return where;
  }

  Path data() {
    return data;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!leaves) {
        checkNothingIsLeft();
      }
      Accounted.check(database, Instant.now());
    } finally {
      agent.close();
      helper.close();
      server.stop();
      lending.close();
      certificates.close();
      gateway.close();
      inspection.close();
      approvals.close();
      emergencies.close();
      authorization.close();
      registry.close();
      ledger.close();
      database.close();
    }
  }

  private void checkNothingIsLeft() {
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(roles())
                .containsExactlyInAnyOrderElementsOf(
                    stored("SELECT role AS text FROM credential WHERE state = 'ACTIVE'")));
    assertThat(stored("SELECT id AS text FROM credential WHERE state NOT IN ('ACTIVE', 'REVOKED')"))
        .isEmpty();
    assertThat(entries("credential.ended").stream().map(e -> e.path("credential").asString("")))
        .as("each end is recorded once")
        .doesNotHaveDuplicates();
    if (!crashed) {
      await().atMost(Duration.ofSeconds(10)).until(() -> unpaired().isEmpty());
    }
    var passwords = entries("credential.issued").toString() + entries("credential.intended");
    assertThat(passwords).doesNotContain("SCRAM");
  }

  private List<String> unpaired() {
    var ended = entries("call.ended").stream().map(e -> e.path("of").asString("")).toList();
    return entries("call.decided").stream()
        .filter(entry -> !entry.path("decision").asString("").matches("deny|hold|defer|modify"))
        .map(entry -> entry.path("id").asString(""))
        .filter(id -> !ended.contains(id))
        .toList();
  }

  private String manifests() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, email: anna@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: otto}
    spec: {displayName: Otto, email: otto@example.org, roles: [owner]}
    ---
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: invoices}
    spec:
      purpose: Pay what is due
      owner: anna
      escalation: anna@example.org
      dataClasses: [internal]
      intents: [read-invoices]
      stage: pilot
      pilotExpires: %1$s
      retention: 30d
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: invoice-agent}
    spec:
      workflow: invoices
      kind: agent
      autonomy: acts-alone
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%2$s]}}
      delegatesTo: [helper]
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: helper}
    spec:
      workflow: invoices
      kind: agent
      autonomy: acts-alone
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%3$s]}}
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: files}
    spec: {environment: test, upstream: {http: {url: "http://127.0.0.1:9/"}}}
    """
        .formatted(in60Days(), agent.jwk(), helper.jwk());
  }

  /// The database as a resource, and the agent's grant on it.
  String database(String resource, int port, String profiles) {
    return """
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: %1$s}
    spec:
      type: postgresql
      environment: test
      upstream:
        database:
          host: 127.0.0.1
          port: %2$d
          database: %3$s
          administrator: {user: remit_admin, secret: orders-admin}
          tls: disable
          profiles:
            reader: {roles: [orders_reader]}
            writer: {roles: [orders_writer], connections: 3}
            nowhere: {roles: [orders_unreachable]}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: invoice-agent-%1$s}
    spec:
      identity: invoice-agent
      resource: %1$s
      profiles: %4$s
      dataClasses: [internal]
      approvedBy: admin
      expires: %5$s
    """
        .formatted(resource, port, orders.name, profiles, in60Days());
  }

  static LocalDate in60Days() {
    return LocalDate.now(ZoneOffset.UTC).plusDays(60);
  }
}
