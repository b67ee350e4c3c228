package dev.remit.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.server.FreePort;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.approvals.Part;
import dev.remit.server.approvals.Separation;
import dev.remit.server.assumptions.Present;
import dev.remit.server.assumptions.RiskClasses;
import dev.remit.server.credentials.OutsideConfig;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.oauth.UpstreamTokens;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.decisions.DecisionConfig;
import dev.remit.server.decisions.PolicyDecisions;
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
import dev.remit.server.inspection.Canaries;
import dev.remit.server.inspection.Canary;
import dev.remit.server.inspection.Inspection;
import dev.remit.server.inspection.Sightings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.registry.Wish;
import dev.remit.server.store.CommitFaults.Fault;
import dev.remit.server.store.Database;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TestAgent;
import dev.remit.server.tokens.TokenConfig;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole server around the gateway of models: a real database, ledger, registry, tokens and
/// policies, and a provider that says what a test tells it to.
///
/// Closing it checks that nothing is under way, that every question that was let through has its
/// outcome, and that the ledger accounts for every row.
final class ModelsWorld implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  static final String CHAT = "/v1/chat/completions";

  /// Gives a row in the transaction that stores a decision, and in no other.
  static final String DECIDED =
      "SELECT 1 FROM ledger_entry WHERE type = 'call.decided'"
          + " AND xmin::text::bigint = txid_current()";

  static final String ID = "spiffe://remit.local/invoices/clerk-agent";

  final ScriptedModel provider = new ScriptedModel();
  final List<ModelAnswer> answers = new CopyOnWriteArrayList<>();
  final URI url = URI.create("http://127.0.0.1:" + FreePort.find());
  final CommitFaultWhen faults = new CommitFaultWhen();

  /// While it is, no decision can be stored, however often it is tried.
  volatile boolean ledgerAway;

  volatile Bindings bindings = Bindings.ALL_APPROVED;
  final Authorization authorization;
  final Approvals approvals;
  private Models models;
  private Gateway gateway;
  final Inspection inspection;
  private final Canaries canaries;
  private final Emergencies emergencies;
  private final PolicyDecisions decisions;
  private final Registry registry;
  private final Ledger ledger;
  private final Database database = Database.open(TestDatabase.freshConfig(), this::commit);
  private final Path data = TestDatabase.enterable("models-");
  private final InstantSource clock = InstantSource.system();
  private final ModelsConfig config;
  private final KeyWrap wrap;
  private final LedgerReader past;
  private final Secrets secrets;
  final TestAgent agent = new TestAgent(url, ID);
  private WebServer server;

  ModelsWorld() {
    this(ModelsConfig.defaults(URI.create("http://unused")));
  }

  ModelsWorld(ModelsConfig like) {
    config = at(like);
    var master = MasterKey.open(data, Map.of());
    wrap = KeyWrap.of(master);
    ledger = Ledger.open(database, new LedgerConfig("node-1", "models.test/1"), wrap, clock);
    past = new LedgerReader(database, ledger, wrap);
    decisions = new PolicyDecisions(DecisionConfig.DEFAULT, database, ledger, past, clock);
    registry =
        Registry.open(
            database, ledger, RegistryConfig.DEFAULT, decisions, _ -> true, clock.instant());
    registry.onChange(decisions::activate);
    authorization =
        new Authorization(TokenConfig.of(url), database, ledger, master, registry::current, clock);
    secrets = new Secrets(database, ledger, master);
    secrets.put(
        new SecretName("provider-key"),
        new SecretValue("sk-the-real-key"),
        false,
        new PersonName("admin"),
        clock.instant());
    var findings = new Findings(database, ledger);
    canaries = new Canaries(database, ledger, master);
    inspection = new Inspection(secrets, canaries, new Sightings(database, findings, canaries));
    emergencies =
        new Emergencies(database, ledger, findings, EmergencyConfig.DEFAULT, registry::current);
    approvals =
        new Approvals(
            database,
            ledger,
            findings,
            ApprovalsConfig.DEFAULT,
            () -> new Present(registry.current(), decisions.version(), RiskClasses.NOT_COMPUTED),
            new Separation(Set.of(), registry::current),
            Part.by(registry));
    declare(manifests());
    start();
  }

  private void start() {
    var outside =
        new OutsideConfig(
            Duration.ofSeconds(5), 64 * 1024, Duration.ofHours(1), Duration.ofMinutes(1));
    var upstreamTokens = new UpstreamTokens(clock, outside, secrets, ledger);
    gateway =
        new Gateway(
            GatewayConfig.defaults(url),
            clock,
            registry,
            dev.remit.server.registry.Bindings.UNGUARDED,
            authorization.tokens(),
            authorization.tasks(),
            authorization.standings(),
            secrets,
            upstreamTokens,
            decisions,
            emergencies,
            approvals,
            ledger,
            past,
            wrap,
            data.resolve("scratch"),
            inspection);
    models =
        new Models(
            config,
            clock,
            gateway,
            registry,
            authorization.tokens(),
            authorization.tasks(),
            secrets,
            upstreamTokens,
            decisions,
            (identity, asked, now) -> bindings.of(identity, asked, now),
            approvals,
            ledger,
            past,
            inspection);
    models.onAnswered(answers::add);
    var operations = new ArrayList<Operation>(authorization.operations(new AlwaysFresh()));
    operations.addAll(models.operations());
    operations.addAll(gateway.operations());
    server =
        Lines.on(WebServer.builder())
            .host("127.0.0.1")
            .port(url.getPort())
            .shutdownHook(false)
            .routing(
                new Edge(clock, authorization.callers(), _ -> Optional.empty()).routing(operations))
            .build()
            .start();
  }

  /// Ends both gateways and starts others over the same database.
  void restart() {
    await().atMost(Duration.ofSeconds(10)).until(() -> unpaired().isEmpty());
    server.stop();
    models.close();
    gateway.close();
    start();
  }

  private ModelsConfig at(ModelsConfig like) {
    return new ModelsConfig(
        url,
        like.requestBytesMax(),
        like.answerBytesMax(),
        like.eventBytesMax(),
        like.streamBytesMax(),
        like.withheldBytesMax(),
        like.depthMax(),
        like.toolsMax(),
        like.proposalsMax(),
        like.outputTokensMax(),
        like.answerWithin(),
        like.wholeWithin(),
        like.holdFor());
  }

  /// The defaults, but for how long a provider may be silent.
  static ModelsConfig patience(Duration answerWithin) {
    var d = ModelsConfig.defaults(URI.create("http://unused"));
    return new ModelsConfig(
        d.publicUrl(),
        1024 * 1024,
        d.answerBytesMax(),
        d.eventBytesMax(),
        d.streamBytesMax(),
        4_096,
        d.depthMax(),
        d.toolsMax(),
        d.proposalsMax(),
        d.outputTokensMax(),
        answerWithin,
        d.wholeWithin(),
        Duration.ofMillis(300));
  }

  private void commit(Connection connection) throws SQLException {
    if (ledgerAway) {
      faults.fail(Fault.LOST, DECIDED);
    }
    faults.commit(connection);
  }

  void declare(String yaml) {
    var author = new Author(new PersonName("admin"), EnumSet.allOf(Role.class));
    var applied =
        registry.apply(Wish.of(new ManifestFile("test.yaml", yaml)), author, Instant.now());
    assertThat(applied).isInstanceOf(Applied.Done.class);
  }

  void policy(String name, String cedar) {
    declare(
        """
        apiVersion: remit.dev/v1
        kind: Policy
        metadata: {name: %s}
        spec:
          description: What a test wants
          cedar: |
            %s
        """
            .formatted(name, cedar));
  }

  /// Plants a canary and returns its value.
  Canaries.Planting.Done plant() {
    var planted =
        canaries.plant(
            Canary.Subject.WORKFLOW,
            "invoices",
            new PersonName("anna"),
            "the note of invoice 4711",
            Optional.empty(),
            new PersonName("admin"),
            Instant.now());
    if (planted instanceof Canaries.Planting.Done done) {
      return done;
    }
    throw new IllegalStateException("no canary could be planted");
  }

  /// Everything that is on record, as text.
  String ledgerText() {
    return database.transact(tx ->
        String.join(
            "\n",
            tx.all(
                "SELECT convert_from(bytes, 'UTF8') AS text FROM ledger_entry",
                row -> row.text("text"))));
  }

  void suspend() {
    authorization
        .standings()
        .suspend(
            Party.of(new IdentityName("clerk-agent")),
            new PersonName("admin"),
            "a test",
            Instant.now());
  }

  String token() {
    return agent.token("llm");
  }

  HttpRequest.Builder to(String path, String token) {
    return HttpRequest.newBuilder(url.resolve("/llm/llm" + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  HttpResponse<String> ask(String token, String path, String body) {
    return send(to(path, token).POST(BodyPublishers.ofString(body)));
  }

  /// Asks by chat, with further members such as `,"stream":true`.
  HttpResponse<String> chat(String token, String more) {
    return ask(
        token,
        CHAT,
        "{\"model\":\"clerk-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
            + more
            + "}");
  }

  InputStream streaming(String token, String more) {
    try {
      var body =
          "{\"model\":\"clerk-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
              + more
              + "}";
      return agent
          .client()
          .send(
              to(CHAT, token).POST(BodyPublishers.ofString(body)).build(),
              BodyHandlers.ofInputStream())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException("ask a model", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    }
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return agent.send(request);
  }

  static String reason(HttpResponse<String> answer) {
    return JSON.readTree(answer.body()).at("/error/remit/reason").asString("");
  }

  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  /// The one outcome that is on record.
  JsonNode outcome() {
    await().atMost(Duration.ofSeconds(10)).until(() -> !entries("call.ended").isEmpty());
    return entries("call.ended").getLast();
  }

  /// The outcome of the question that was answered so.
  JsonNode outcome(HttpResponse<String> answer) {
    var id = answer.headers().firstValue("remit-decision").orElseThrow();
    await().atMost(Duration.ofSeconds(10)).until(() -> of(id).isPresent());
    return of(id).orElseThrow();
  }

  private Optional<JsonNode> of(String id) {
    return entries("call.ended").stream()
        .filter(one -> one.path("of").asString("").equals(id))
        .findFirst();
  }

  @Override
  public void close() {
    try {
      await().atMost(Duration.ofSeconds(10)).until(() -> gateway.openExchanges() == 0);
      await().atMost(Duration.ofSeconds(10)).until(() -> unpaired().isEmpty());
      Accounted.check(database, Instant.now());
    } finally {
      agent.close();
      server.stop();
      models.close();
      gateway.close();
      inspection.close();
      emergencies.close();
      approvals.close();
      authorization.close();
      registry.close();
      decisions.close();
      ledger.close();
      database.close();
      provider.close();
    }
  }

  private List<String> unpaired() {
    var ended = entries("call.ended").stream().map(one -> one.path("of").asString("")).toList();
    return entries("call.decided").stream()
        .filter(one -> !one.path("decision").asString("").matches("deny|hold|defer"))
        .map(one -> one.path("id").asString(""))
        .filter(id -> !ended.contains(id))
        .toList();
  }

  String grant(String limits) {
    return """
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: clerk-agent-llm}
    spec:
      identity: clerk-agent
      resource: llm
      models: ["*"]
      dataClasses: [internal]
      limits: {%s}
      approvedBy: admin
      expires: %s
    """
        .formatted(limits, LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }

  private String manifests() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, email: anna@example.org, roles: [owner, approver]}
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
    kind: Resource
    metadata: {name: llm}
    spec:
      type: models
      environment: test
      upstream:
        models:
          url: "%3$s/v1"
          dialects: [openai, anthropic]
          headers: {Authorization: {secret: provider-key}}
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: files}
    spec:
      type: mcp
      environment: test
      upstream: {http: {url: "http://127.0.0.1:1/mcp"}}
    ---
    %4$s
    ---
    %5$s
    ---
    apiVersion: remit.dev/v1
    kind: Model
    metadata: {name: clerk}
    spec:
      provider: example
      model: clerk-1
      lifecycle: ga
      resource: llm
      contextWindow: 200000
      outputMax: 1000
      pricePerMillion: {input: "2.00", output: "10.00", cached: "1.00"}
    ---
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: clerk-agent}
    spec:
      workflow: invoices
      kind: agent
      autonomy: acts-alone
      model: clerk
      authenticatesBy:
        - privateKeyJwt: {jwks: {keys: [%2$s]}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: clerk-agent-files}
    spec:
      identity: clerk-agent
      resource: files
      tools: [read_file, pay]
      dataClasses: [internal]
      limits: {callsPerTask: 50}
      approvedBy: admin
      expires: %1$s
    ---
    %6$s
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: basic}
    spec:
      description: Who may do what in tests
      cedar: |
        permit (principal, action == Action::"ask", resource);
        permit (principal, action == Action::"files/read_file", resource);
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC).plusDays(60),
            agent.jwk(),
            provider.url(),
            tool("read_file", "read"),
            tool("pay", "write"),
            grant("callsPerTask: 100"));
  }

  private static String tool(String name, String effect) {
    return """
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: files/%1$s}
    spec:
      resource: files
      tool: %1$s
      effects: [%2$s]
      dataClasses: [internal]
      definition:
        digest: "sha256:%3$s"
        inputSchema:
          type: object
          properties: {path: {type: string}}
          additionalProperties: false\
    """
        .formatted(name, effect, (effect.equals("read") ? "a" : "b").repeat(64));
  }
}
