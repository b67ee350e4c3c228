package dev.remit.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.evidence.Course;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.FreePort;
import dev.remit.server.approvals.ApprovalRoutes;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.approvals.Executed;
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
import dev.remit.server.emergency.Emergencies;
import dev.remit.server.emergency.EmergencyConfig;
import dev.remit.server.emergency.EmergencyDecisions;
import dev.remit.server.enforcement.EnforcedDecisions;
import dev.remit.server.enforcement.Enforcement;
import dev.remit.server.enforcement.EnforcementConfig;
import dev.remit.server.evidence.Courses;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.upstream.StdioLimits;
import dev.remit.server.http.AlwaysFresh;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Lines;
import dev.remit.server.http.Operation;
import dev.remit.server.inspection.Canaries;
import dev.remit.server.inspection.Inspection;
import dev.remit.server.inspection.Sightings;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.NodeLogs;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.ledger.SubjectKeyStore;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.PolicyCheck;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.RegistryConfig;
import dev.remit.server.registry.Wish;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TestAgent;
import dev.remit.server.tokens.TokenConfig;
import io.helidon.webserver.WebServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole server around the gateway: a real database, ledger, registry and tokens, an upstream
/// that tests make misbehave, and policy as a function.
///
/// Closing it checks what must hold after every test: nothing is under way, no child process is
/// left, and every decision that let something through has its outcome.
final class GatewayWorld implements AutoCloseable {
  static final String MODERN = "2026-07-28";
  static final String LEGACY = "2025-11-25";
  private static final JsonMapper JSON = JsonMapper.shared();
  static final String ID = "spiffe://remit.local/invoices/invoice-agent";

  final TestUpstream upstream = new TestUpstream();
  final RuledDecisions policy = new RuledDecisions();
  final DatabaseConfig where = TestDatabase.freshConfig();
  final URI url = URI.create("http://127.0.0.1:" + FreePort.find());
  final Approvals approvals;
  final Enforcement enforcement;
  final Emergencies emergencies;
  final Authorization authorization;

  /// Short enough that a test can wait for it.
  final OutsideConfig outside =
      new OutsideConfig(
          Duration.ofSeconds(5), 64 * 1024, Duration.ofHours(1), Duration.ofMinutes(1));

  Gateway gateway;

  /// What is approved of the models behind those who call.
  volatile Bindings bindings = Bindings.UNGUARDED;

  Inspection inspection;
  final Canaries canaries;
  private final Findings findings;
  final Secrets secrets;
  final CommitFaultWhen faults = new CommitFaultWhen();
  private final Database database = Database.open(where, faults);
  private final Ledger ledger;
  private final Registry registry;
  private WebServer server;
  private final GatewayConfig like;
  private final MasterKey master;
  final TestAgent agent = new TestAgent(url, ID);
  final ECKey key = agent.key();
  private final Path data = TestDatabase.enterable("gateway-");
  private boolean closed;

  GatewayWorld() {
    this(GatewayConfig.defaults(URI.create("http://unused")));
  }

  GatewayWorld(GatewayConfig like) {
    this(like, ApprovalsConfig.DEFAULT);
  }

  GatewayWorld(GatewayConfig like, ApprovalsConfig keeping) {
    var clock = InstantSource.system();
    var master = MasterKey.open(data, Map.of());
    ledger =
        Ledger.open(
            database, new LedgerConfig("node-1", "ledger.test/g"), KeyWrap.of(master), clock);
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
    secrets.put(
        new SecretName("upstream-key"),
        new SecretValue("the real credential"),
        false,
        new PersonName("admin"),
        clock.instant());
    findings = new Findings(database, ledger);
    canaries = new Canaries(database, ledger, master);
    approvals =
        new Approvals(
            database,
            ledger,
            findings,
            keeping,
            () -> new Present(registry.current(), policy.version, RiskClasses.NOT_COMPUTED),
            new Separation(Set.of(), registry::current),
            Part.by(registry));
    declare(manifests());
    emergencies =
        new Emergencies(
            database,
            ledger,
            new Findings(database, ledger),
            EmergencyConfig.DEFAULT,
            registry::current);
    enforcement =
        new Enforcement(database, ledger, EnforcementConfig.DEFAULT, registry::current, clock);
    this.like = like;
    this.master = master;
    start();
  }

  private void start() {
    inspection = new Inspection(secrets, canaries, new Sightings(database, findings, canaries));
    var clock = InstantSource.system();
    gateway =
        new Gateway(
            at(like),
            clock,
            registry,
            (identity, registered, now) -> bindings.of(identity, registered, now),
            authorization.tokens(),
            authorization.tasks(),
            authorization.standings(),
            secrets,
            new UpstreamTokens(clock, outside, secrets, ledger),
            new EmergencyDecisions(new EnforcedDecisions(policy, enforcement), emergencies),
            emergencies,
            approvals,
            ledger,
            new LedgerReader(database, ledger, KeyWrap.of(master)),
            KeyWrap.of(master),
            data.resolve("scratch"),
            inspection);
    var operations = new ArrayList<Operation>(authorization.operations(new AlwaysFresh()));
    operations.addAll(gateway.operations());
    operations.addAll(new ApprovalRoutes(approvals, new AlwaysFresh()).operations());
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

  /// Ends the gateway and starts another one over the same database.
  void restart() {
    await().atMost(Duration.ofSeconds(10)).until(() -> unpaired().isEmpty());
    server.stop();
    gateway.close();
    inspection.close();
    start();
  }

  private GatewayConfig at(GatewayConfig like) {
    return new GatewayConfig(
        url,
        like.sites(),
        like.messageBytesMax(),
        like.resultBytesMax(),
        like.depthMax(),
        like.answerWithin(),
        like.listenFor(),
        like.holding(),
        like.attendAfter(),
        like.unattendedMax(),
        like.definitionsFor(),
        like.sessionsPerTaskMax(),
        like.stdio());
  }

  /// The defaults with another patience for upstreams and for people.
  static GatewayConfig patience(Duration answerWithin, Duration holdFor) {
    var d = GatewayConfig.defaults(URI.create("http://unused"));
    return new GatewayConfig(
        d.publicUrl(),
        d.sites(),
        d.messageBytesMax(),
        d.resultBytesMax(),
        d.depthMax(),
        answerWithin,
        d.listenFor(),
        new GatewayConfig.Holding(holdFor, holdFor.multipliedBy(3), holdFor.dividedBy(5), 3),
        d.attendAfter(),
        answerWithin,
        d.definitionsFor(),
        d.sessionsPerTaskMax(),
        new StdioLimits(256, Duration.ofSeconds(2), d.definitionsFor()));
  }

  /// Lets a model of this name decide what the agent does.
  void decidedByModel(String model) {
    declare(
        """
        apiVersion: remit.dev/v1
        kind: Model
        metadata: {name: %1$s}
        spec:
          provider: example
          model: %1$s-large
          version: "2026-10-01"
          lifecycle: ga
          contextWindow: 200000
        ---
        apiVersion: remit.dev/v1
        kind: Identity
        metadata: {name: invoice-agent}
        spec:
          workflow: invoices
          kind: agent
          autonomy: acts-alone
          model: %1$s
          authenticatesBy:
            - privateKeyJwt: {jwks: {keys: [%2$s]}}
        """
            .formatted(model, agent.jwk()));
  }

  void declare(String yaml) {
    var author = new Author(new PersonName("admin"), EnumSet.allOf(Role.class));
    var applied =
        registry.apply(Wish.of(new ManifestFile("test.yaml", yaml)), author, Instant.now());
    assertThat(applied).isInstanceOf(Applied.Done.class);
  }

  /// What the agent is granted.
  List<Grant> grants() {
    return registry.current().grants();
  }

  /// What is wrong with declaring `yaml`.
  String flaws(String yaml) {
    var author = new Author(new PersonName("admin"), EnumSet.allOf(Role.class));
    return registry
        .apply(Wish.of(new ManifestFile("test.yaml", yaml)), author, Instant.now())
        .toString();
  }

  /// A token of a person.
  String person(String name) {
    var now = Instant.now();
    return authorization
        .operators()
        .issue(
            new PersonName(name), new PersonName("admin"), Optional.of(now.plusSeconds(600)), now)
        .token();
  }

  // What an agent does.

  /// A task token for resource `files`, for all that is granted or for the tools named.
  String token(String... tools) {
    return tokenFor("files", tools);
  }

  String tokenFor(String resource, String... tools) {
    return agent.token(resource, tools);
  }

  HttpRequest.Builder to(String resource, String token) {
    return HttpRequest.newBuilder(url.resolve("/mcp/" + resource))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json, text/event-stream")
        .header("Content-Type", "application/json");
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return agent.send(request);
  }

  HttpResponse<String> post(String token, String body) {
    return send(posting(token, body));
  }

  private HttpRequest.Builder posting(String token, String body) {
    return to("files", token)
        .header("MCP-Protocol-Version", LEGACY)
        .POST(BodyPublishers.ofString(body));
  }

  /// Calls a tool as a legacy client does.
  HttpResponse<String> call(String token, String tool, String arguments) {
    return post(token, callBody(tool, arguments));
  }

  /// The same call, to be sent.
  HttpRequest.Builder calling(String token, String tool, String arguments) {
    return posting(token, callBody(tool, arguments));
  }

  static String callBody(String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":"
        + arguments
        + "}}";
  }

  static String modernBody(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\""
        + method
        + "\",\"params\":{"
        + params
        + "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
        + "\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
  }

  HttpRequest.Builder modern(String token, String method, String params) {
    return to("files", token)
        .header("MCP-Protocol-Version", MODERN)
        .header("Mcp-Method", method)
        .POST(BodyPublishers.ofString(modernBody(method, params)));
  }

  HttpClient client() {
    return agent.client();
  }

  /// What a refusal says of itself, in whichever form it came.
  static JsonNode refusal(HttpResponse<String> answer) {
    var message = JSON.readTree(answer.body());
    var inResult = message.at("/result/_meta").path(RefusalBody.MEMBER);
    return inResult.isMissingNode() ? message.at("/error/data").path(RefusalBody.MEMBER) : inResult;
  }

  static String reason(HttpResponse<String> answer) {
    return refusal(answer).path("reason").asString("none in: " + answer.body());
  }

  // What the owner does.

  void suspend() {
    suspend(Party.of(new IdentityName("invoice-agent")));
  }

  void suspend(Party party) {
    authorization.standings().suspend(party, new PersonName("admin"), "a test", Instant.now());
  }

  /// Destroys the keys of everything that is kept about `task`.
  void erase(TaskId task) {
    var keys = new SubjectKeyStore(ledger);
    database.run(tx -> {
      var found = keys.find(tx, new ErasureScope.OfTask(task), "", 100);
      keys.destroy(tx, found.stream().map(SubjectKeyStore.Kept::name).toList(), Instant.now());
    });
  }

  /// What is kept of the call that an approval was used for.
  Optional<Executed> outcome(ApprovalId approval) {
    try {
      return approvals.awaitOutcome(approval, Duration.ZERO, InstantSource.system());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading an outcome", e);
    }
  }

  // What is on record.

  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  /// The column `text` of a query's rows.
  List<String> stored(String query) {
    return database.transact(tx -> tx.all(query, row -> row.text("text")));
  }

  /// What happened in a task.
  Course course(TaskId task) {
    return new Courses(new NodeLogs(database, ledger, KeyWrap.of(master))).of(task);
  }

  JsonNode ended(String decision) {
    return await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () ->
                entries("call.ended").stream()
                    .filter(entry -> entry.path("of").asString("").equals(decision))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  static String decision(HttpResponse<String> answer) {
    return answer.headers().firstValue("Remit-Decision").orElse("");
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      checkNothingIsLeft();
      Accounted.check(database, Instant.now());
    } finally {
      agent.close();
      server.stop();
      gateway.close();
      inspection.close();
      enforcement.close();
      emergencies.close();
      approvals.close();
      authorization.close();
      registry.close();
      ledger.close();
      database.close();
      upstream.close();
    }
  }

  private void checkNothingIsLeft() {
    await().atMost(Duration.ofSeconds(10)).until(() -> gateway.openExchanges() == 0);
    await().atMost(Duration.ofSeconds(10)).until(() -> unpaired().isEmpty());
    assertThat(entries("call.ended").stream().map(entry -> entry.path("of").asString("")))
        .as("each outcome is recorded once")
        .doesNotHaveDuplicates();
  }

  private List<String> unpaired() {
    var ended = entries("call.ended").stream().map(entry -> entry.path("of").asString("")).toList();
    return entries("call.decided").stream()
        .filter(entry -> !entry.path("decision").asString("").matches("deny|hold|defer"))
        .map(entry -> entry.path("id").asString(""))
        .filter(id -> !ended.contains(id))
        .toList();
  }

  private String manifests() {
    return """
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: anna}
    spec: {displayName: Anna, email: anna@example.org, roles: [owner, approver]}
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: bea}
    spec: {displayName: Bea, email: bea@example.org, roles: [approver]}
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
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: files}
    spec:
      type: mcp
      environment: test
      upstream: {http: {url: "%3$s", headers: {X-Api-Key: {secret: upstream-key}}}}
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: child}
    spec:
      type: mcp
      environment: test
      upstream:
        stdio:
          command: "%6$s"
          args: ["-Xshare:auto", "-cp", "%7$s", "dev.remit.server.gateway.ChildServer"]
          env: {CHILD_SECRET: {secret: upstream-key}}
    ---
    %4$s
    ---
    %5$s
    ---
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: child/say}
    spec:
      resource: child
      tool: say
      effects: [read]
      dataClasses: [internal]
      definition: {digest: "%8$s", inputSchema: {type: object}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: invoice-agent-files}
    spec:
      identity: invoice-agent
      resource: files
      tools: ["*"]
      prompts: [summary]
      reads: ["file:///data/*"]
      dataClasses: [internal]
      limits: {callsPerTask: 50}
      approvedBy: admin
      expires: %1$s
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: invoice-agent-child}
    spec:
      identity: invoice-agent
      resource: child
      tools: ["*"]
      dataClasses: [internal]
      limits: {callsPerTask: 50}
      approvedBy: admin
      expires: %1$s
    """
        .formatted(
            LocalDate.now(ZoneOffset.UTC).plusDays(60),
            agent.jwk(),
            upstream.url(),
            toolManifest("read_file", "path", upstream.digest("read_file")),
            toolManifest("pay", "invoice", upstream.digest("pay")),
            Path.of(System.getProperty("java.home"), "bin", "java"),
            classesOf(ChildServer.class),
            Digest.of(ChildServer.TOOL));
  }

  /// One more HTTP resource, with the tool `read_file` of [TestUpstream] and a grant for it.
  String httpResource(String name, URI at) {
    return """
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: %1$s}
    spec:
      type: mcp
      environment: test
      upstream: {http: {url: "%2$s"}}
    ---
    %3$s
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: invoice-agent-%1$s}
    spec:
      identity: invoice-agent
      resource: %1$s
      tools: ["*"]
      reads: ["file:///data/*"]
      dataClasses: [internal]
      limits: {callsPerTask: 50}
      approvedBy: admin
      expires: %4$s
    """
        .formatted(
            name,
            at,
            toolManifest("read_file", "path", upstream.digest("read_file"))
                .replace("name: files/", "name: " + name + "/")
                .replace("resource: files", "resource: " + name),
            LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }

  /// One more resource that is a [ChildServer] of this mode, with its tool and a grant for it.
  String childResource(String name, String mode) {
    return """
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: %1$s}
    spec:
      type: mcp
      environment: test
      upstream:
        stdio:
          command: "%3$s"
          args: ["-Xshare:auto", "-cp", "%4$s", "dev.remit.server.gateway.ChildServer", "%2$s"]
    ---
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: %1$s/say}
    spec:
      resource: %1$s
      tool: say
      effects: [read]
      dataClasses: [internal]
      definition: {digest: "%5$s", inputSchema: {type: object}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: invoice-agent-%1$s}
    spec:
      identity: invoice-agent
      resource: %1$s
      tools: ["*"]
      dataClasses: [internal]
      limits: {callsPerTask: 50}
      approvedBy: admin
      expires: %6$s
    """
        .formatted(
            name,
            mode,
            Path.of(System.getProperty("java.home"), "bin", "java"),
            classesOf(ChildServer.class),
            Digest.of(ChildServer.TOOL),
            LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }

  private static Path classesOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  static String toolManifest(String tool, String argument, Digest digest) {
    return """
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: files/%1$s}
    spec:
      resource: files
      tool: %1$s
      effects: [read]
      dataClasses: [internal]
      definition:
        digest: "%3$s"
        inputSchema:
          type: object
          properties: {%2$s: {type: string}}
          required: [%2$s]
          additionalProperties: false\
    """
        .formatted(tool, argument, digest);
  }
}
