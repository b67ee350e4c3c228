package dev.remit.server.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.certificates.CertificateConfig;
import dev.remit.server.certificates.Certificates;
import dev.remit.server.credentials.SecretRoutes;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.CommitFaultWhen;
import dev.remit.server.http.AlwaysFresh;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Lines;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.ServerTls;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node with one workflow, its people and its agent, behind a real socket, on a real database and
/// ledger. Closing it verifies the ledger.
public final class TokenWorld implements AutoCloseable {
  static final URI ISSUER = URI.create("https://remit.example");
  static final String AUDIENCE = ISSUER + "/mcp/files";
  static final String AGENT = "spiffe://remit.local/invoices/invoice-agent";
  static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final TestClock clock = new TestClock();
  final ECKey agentKey = TestIssuer.fresh("agent-key");
  final Path data = TestDatabase.enterable("tokens-");
  final CommitFaultWhen faultsWhen = new CommitFaultWhen();
  private final CommitFaults faults = new CommitFaults();
  private final List<Node> nodes = new ArrayList<>();
  private final DatabaseConfig where = TestDatabase.freshConfig();
  private final MasterKey master = MasterKey.open(data, Map.of());
  private final UnaryOperator<TokenConfig> limits;
  private final Optional<UnaryOperator<CertificateConfig>> certified;
  private volatile Registered registered = new Registered(1, declared());

  /// What nodes that start from here on are told.
  SuspensionConfig suspension = SuspensionConfig.DEFAULT;

  /// Set by a test after which tables and ledger are not expected to agree.
  boolean tampered;

  public TokenWorld() {
    this(config -> config);
  }

  TokenWorld(UnaryOperator<TokenConfig> limits) {
    this(limits, Optional.empty());
  }

  /// One that issues certificates, too.
  static TokenWorld certifying(UnaryOperator<CertificateConfig> certified) {
    return new TokenWorld(config -> config, Optional.of(certified));
  }

  TokenWorld(
      UnaryOperator<TokenConfig> limits, Optional<UnaryOperator<CertificateConfig>> certified) {
    this.limits = limits;
    this.certified = certified;
    node();
  }

  /// One server over the shared database.
  final class Node {
    final Database database = Database.open(where, TokenWorld.this::commit);
    final Ledger ledger =
        Ledger.open(
            database,
            new LedgerConfig("node-" + nodes.size(), "tokens.test/" + nodes.size()),
            KeyWrap.of(master),
            clock);
    final Authorization authorization =
        new Authorization(
            limits.apply(TokenConfig.of(ISSUER)),
            suspension,
            database,
            ledger,
            master,
            () -> registered,
            clock);
    final Secrets secrets = new Secrets(database, ledger, master);
    final Findings findings = new Findings(database, ledger);
    final Optional<Certificates> certificates = certified.map(this::certificates);
    final WebServer server;

    private final List<WebServer> secured = new ArrayList<>();

    Node() {
      certificates.ifPresent(one -> authorization.tasks().followedBy(one.aftermath()));
      server =
          WebServer.builder()
              .address(InetAddress.getLoopbackAddress())
              .port(0)
              .routing(edge().routing(operations()))
              .build()
              .start();
    }

    private Certificates certificates(UnaryOperator<CertificateConfig> config) {
      return new Certificates(
          config.apply(CertificateConfig.of(ISSUER, "remit.local")),
          clock,
          database,
          ledger,
          master,
          () -> registered,
          authorization,
          findings);
    }

    private Edge edge() {
      return new Edge(
          clock,
          authorization.callers(),
          e ->
              e instanceof DatabaseUnavailable
                  ? Optional.of(new Problem(503, "database-away", "it is away", "wait"))
                  : Optional.empty());
    }

    /// Serves the same over TLS too.
    ///
    /// @return the port
    int secured(ServerTls tls) {
      var more =
          Lines.on(WebServer.builder())
              .address(InetAddress.getLoopbackAddress())
              .port(0)
              .tls(tls.load())
              .routing(edge().routing(operations()))
              .build()
              .start();
      secured.add(more);
      return more.port();
    }

    List<Operation> operations() {
      var operations = new ArrayList<>(authorization.operations(new AlwaysFresh()));
      operations.addAll(
          new SecretRoutes(secrets, () -> registered, _ -> Optional.empty()).operations());
      certificates.ifPresent(one -> operations.addAll(one.operations()));
      return operations;
    }

    TokenCheck check(String token) {
      return authorization.tokens().check(token, URI.create(AUDIENCE), clock.instant());
    }

    void close() {
      server.stop();
      certificates.ifPresent(Certificates::close);
      authorization.close();
      ledger.close();
      database.close();
    }
  }

  /// Starts a further node.
  Node node() {
    var node = new Node();
    nodes.add(node);
    return node;
  }

  Node first() {
    return nodes.getFirst();
  }

  DatabaseConfig where() {
    return where;
  }

  Instant now() {
    return clock.instant();
  }

  private void commit(Connection connection) throws SQLException {
    if (faultsWhen.hasFailed()) {
      faults.commit(connection);
    } else {
      faultsWhen.commit(connection);
    }
  }

  void failNextCommit(CommitFaults.Fault fault) {
    faults.failNext(fault);
  }

  /// Takes the database away from every node, and refuses new connections until [#giveBack].
  void takeAway() {
    elsewhere("ALTER DATABASE " + name() + " WITH ALLOW_CONNECTIONS false");
    TestDatabase.cut(where);
  }

  void giveBack() {
    elsewhere("ALTER DATABASE " + name() + " WITH ALLOW_CONNECTIONS true");
  }

  private String name() {
    return where.url().substring(where.url().lastIndexOf('/') + 1);
  }

  private void elsewhere(String sql) {
    var url = where.url().replace("/" + name(), "/postgres");
    try (var connection = DriverManager.getConnection(url, where.user(), where.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void declare(Declared... changes) {
    var byKey = new LinkedHashMap<String, Declared>();
    registered.all().forEach(one -> byKey.put(one.kind() + one.key(), one));
    for (var change : changes) {
      byKey.put(change.kind() + change.key(), change);
    }
    registered = new Registered(registered.version() + 1, byKey.values());
  }

  void retire(Declared gone) {
    registered =
        new Registered(
            registered.version() + 1,
            registered.all().stream().filter(one -> !one.equals(gone)).toList());
  }

  private List<Declared> declared() {
    return List.of(
        person("anna", true, Role.OWNER),
        person("otto", true, Role.OWNER),
        person("sam", true, Role.SECURITY),
        person("aude", true, Role.AUDITOR),
        person("gone", false, Role.OWNER),
        workflow("invoices", "anna", Stage.PRODUCTION, Optional.empty()),
        workflow("other", "otto", Stage.PRODUCTION, Optional.empty()),
        new Resource(
            new ResourceName("files"),
            Environment.DEVELOPMENT,
            new Upstream.Stdio("true", List.of(), Map.of(), Optional.empty())),
        new Resource(
            new ResourceName("mail"),
            Environment.DEVELOPMENT,
            new Upstream.Stdio("true", List.of(), Map.of(), Optional.empty())),
        agent(new Authentication.PrivateKeyJwt(List.of(agentKey.toPublicJWK()))));
  }

  static Person person(String name, boolean active, Role... roles) {
    return new Person(
        new PersonName(name),
        name,
        Optional.of(name + "@example.com"),
        Optional.empty(),
        Set.of(roles),
        active);
  }

  static Workflow workflow(String name, String owner, Stage stage, Optional<Instant> pilotExpires) {
    return new Workflow(
        new WorkflowName(name),
        "pay what is due",
        new PersonName(owner),
        Optional.empty(),
        "call " + owner,
        Set.of("internal"),
        Set.of("read-invoices", "pay-invoices"),
        stage,
        pilotExpires,
        Duration.ofDays(365),
        ZoneOffset.UTC);
  }

  static Identity agent(Authentication... ways) {
    return identity("invoice-agent", "invoices", ways);
  }

  static Identity identity(String name, String workflow, Authentication... ways) {
    return new Identity(
        new IdentityName(name),
        new SpiffeId("spiffe://remit.local/" + workflow + "/" + name),
        new WorkflowName(workflow),
        IdentityKind.AGENT,
        Autonomy.ACTS_WITH_CONFIRMATION,
        Optional.empty(),
        Set.of(),
        List.of(ways));
  }

  /// Lets it go on as two people do: sam asks and the administrator agrees.
  void resume(Party party) {
    TwoPeople.resume(first().authorization, party, now());
  }

  // Asking for tokens.

  Proof proof() {
    return Proof.own(AGENT, agentKey, now());
  }

  static String details(String member) {
    return "[{\"type\":\"https://remit.dev/task\"," + member + "}]";
  }

  Map<String, String> form(String proof) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", EXCHANGE);
    form.put("subject_token", proof);
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("resource", AUDIENCE);
    form.put("authorization_details", details("\"intent\":\"read-invoices\""));
    return form;
  }

  Response exchange(Map<String, String> form) {
    return post("/oauth2/token", "", form);
  }

  /// Starts a task of the agent and returns its token.
  String token() {
    var answer = exchange(form(proof().sign()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("access_token").stringValue();
  }

  /// The claims of a token, unverified.
  static JsonNode claims(String token) {
    return JSON.readTree(java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
  }

  static String task(String token) {
    return claims(token).path("task").stringValue();
  }

  // People.

  String admin() {
    try {
      return Files.readString(first().authorization.operators().bootstrap(data, now())).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String operator(String person) {
    return first()
        .authorization
        .operators()
        .issue(
            new PersonName(person),
            new PersonName("admin"),
            Optional.of(now().plus(Duration.ofHours(1))),
            now())
        .token();
  }

  // HTTP.

  record Response(int status, String text, HttpResponse<String> raw) {
    JsonNode json() {
      return JSON.readTree(text);
    }
  }

  Response post(String path, String bearer, Map<String, String> form) {
    return send("POST", path, bearer, "application/x-www-form-urlencoded", encoded(form));
  }

  Response post(Node node, String path, List<String> headers, Map<String, String> form) {
    return send(node, "POST", path, headers, "application/x-www-form-urlencoded", encoded(form));
  }

  static String encoded(Map<String, String> form) {
    return TestAgent.encoded(form);
  }

  Response post(String path, String bearer, String json) {
    return send("POST", path, bearer, "application/json", json);
  }

  Response get(String path, String bearer) {
    return send("GET", path, bearer, "application/json", "");
  }

  Response send(String method, String path, String bearer, String type, String body) {
    var headers =
        bearer.isEmpty() ? List.<String>of() : List.of("Authorization", "Bearer " + bearer);
    return send(first(), method, path, headers, type, body);
  }

  /// @param headers names and values in turn
  Response send(
      Node node, String method, String path, List<String> headers, String type, String body) {
    var address = URI.create("http://127.0.0.1:" + node.server.port() + path);
    var request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(20))
            .header("Content-Type", type)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 0; i < headers.size(); i += 2) {
      request.header(headers.get(i), headers.get(i + 1));
    }
    try {
      var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Response(answer.statusCode(), answer.body(), answer);
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // The record.

  /// Entries of a type, in order.
  List<JsonNode> entries(String type) {
    return OnRecord.entries(first().database, type);
  }

  long count(String table) {
    return first()
        .database
        .transact(
            tx -> tx.one("SELECT count(*) AS n FROM " + table, row -> row.number("n")).orElse(-1L));
  }

  @Override
  public void close() {
    try {
      if (!tampered) {
        Accounted.check(first().database, now());
      }
    } finally {
      closeNodes();
    }
  }

  private void closeNodes() {
    for (var node : nodes) {
      node.server.stop();
      node.certificates.ifPresent(Certificates::close);
      node.secured.forEach(WebServer::stop);
      node.authorization.close();
      Audited.close(node.ledger, new LedgerReader(node.database, node.ledger, KeyWrap.of(master)));
      node.database.close();
    }
  }
}
