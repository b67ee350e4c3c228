package dev.remit.server.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.RiskClass;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.enforcement.Enforcement;
import dev.remit.server.enforcement.EnforcementConfig;
import dev.remit.server.enforcement.EnforcementRoutes;
import dev.remit.server.findings.Findings;
import dev.remit.server.http.Access;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Method;
import dev.remit.server.http.Operation;
import dev.remit.server.http.Problem;
import dev.remit.server.http.Reply;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.Audited;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.page.PageRoutes;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.CommitFaults;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.TestDatabase;
import dev.remit.server.tokens.Authorization;
import dev.remit.server.tokens.KeyProof;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.TokenConfig;
import dev.remit.server.tokens.TwoPeople;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

/// A node at which people sign in, with one agent that `sam` may let act for them at the resource
/// `files`, and a site with the client that asks. Closing it verifies the ledger and every row.
final class SignInWorld implements AutoCloseable {
  static final URI ISSUER = URI.create("https://remit.example");
  static final String RESOURCE = ISSUER + "/mcp/files";
  static final String REDIRECT = "http://127.0.0.1:9999/callback";
  static final String PASSWORD = "correct horse battery staple";
  static final String AGENT = "spiffe://remit.local/invoices/desk-agent";
  private static final JsonMapper JSON = JsonMapper.shared();

  final ClientSite site = new ClientSite();
  final Database database;
  final Ledger ledger;
  final Authorization authorization;
  final URI client;
  private final Enforcement enforcement;
  final Findings findings;
  private volatile RiskClass risk = RiskClass.HIGH;
  private final CommitFaults faults = new CommitFaults();
  private final Path data = TestDatabase.enterable("sign-in-");
  private final MasterKey master = MasterKey.open(data, Map.of());
  private final WebServer server;
  private volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private volatile Registered registered;

  SignInWorld() {
    this(config -> config);
  }

  SignInWorld(UnaryOperator<SignInConfig> settings) {
    this.client = site.client("/client.json", "Desk", REDIRECT, "https://desk.example/back");
    this.registered = new Registered(1, declared());
    this.database = Database.open(TestDatabase.freshConfig(), faults);
    InstantSource clock = () -> now;
    this.ledger =
        Ledger.open(
            database, new LedgerConfig("node-0", "sign-in.test/0"), KeyWrap.of(master), clock);
    this.authorization =
        new Authorization(
            TokenConfig.of(ISSUER), database, ledger, master, () -> registered, clock);
    this.findings = new Findings(database, ledger);
    var routes =
        new SignInRoutes(
            settings.apply(SignInConfig.of(ISSUER)),
            database,
            ledger,
            authorization,
            findings,
            () -> registered,
            _ -> risk,
            new Clients(true, site.tls()));
    this.enforcement =
        new Enforcement(database, ledger, EnforcementConfig.DEFAULT, () -> registered, clock);
    var operations = new ArrayList<Operation>(authorization.operations(routes.freshTokens()));
    operations.addAll(new EnforcementRoutes(enforcement, routes.freshTokens()).operations());
    operations.add(risky(routes.visits()));
    operations.addAll(routes.operations());
    operations.addAll(new PageRoutes().operations());
    var edge =
        new Edge(
            clock,
            authorization.callers(),
            routes.visits(),
            e ->
                e instanceof DatabaseUnavailable
                    ? Optional.of(new Problem(503, "database-away", "it is away", "wait"))
                    : Optional.empty());
    this.server =
        WebServer.builder()
            .address(InetAddress.getLoopbackAddress())
            .port(0)
            .routing(edge.routing(operations))
            .build()
            .start();
  }

  /// A page with a form, for a step that is of high risk as far as `invoices` is.
  private static Operation risky(Visits visits) {
    return new Operation(
        Method.GET,
        "/console/risky",
        new Access.SignedIn(Set.of(Role.OWNER)),
        "Take a step of high risk",
        call ->
            visits
                .refusal(call, new WorkflowName("invoices"))
                .orElseGet(() -> Reply.text(200, "text/plain", "taken")));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  Instant now() {
    return now;
  }

  /// From now on every workflow is of this class.
  void risk(RiskClass riskClass) {
    risk = riskClass;
  }

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  /// Lets so many commits pass before one fails. Whatever happens in the background commits too, so
  /// it may be another one that fails.
  void failCommitAfter(int commits, CommitFaults.Fault fault) {
    faults.failAfter(commits, fault);
  }

  // Who there is.

  private List<Declared> declared() {
    var declared = new ArrayList<Declared>();
    declared.add(person("anna", true));
    declared.add(person("sam", true));
    declared.add(person("kim", true));
    declared.add(person("gone", false));
    declared.add(
        new Workflow(
            new WorkflowName("invoices"),
            "pay what is due",
            new PersonName("anna"),
            Optional.empty(),
            "call anna",
            Set.of("internal"),
            Set.of("read-invoices", "pay-invoices"),
            Stage.PRODUCTION,
            Optional.empty(),
            Duration.ofDays(365),
            ZoneOffset.UTC));
    for (var name : List.of("files", "mail")) {
      declared.add(
          new Resource(
              new ResourceName(name),
              Environment.DEVELOPMENT,
              new Upstream.Stdio("true", List.of(), Map.of(), Optional.empty())));
    }
    declared.add(agent(Set.of(), "sam", "gone"));
    declared.add(
        new Grant(
            new GrantName("desk-reads"),
            new IdentityName("desk-agent"),
            new ResourceName("files"),
            new Grant.Tools.Named(Set.of("read_file")),
            Set.of(),
            List.of(),
            Set.of(),
            Set.of(),
            Set.of("internal"),
            100,
            new PersonName("anna"),
            Instant.parse("2027-11-21T10:00:00Z")));
    return declared;
  }

  static Person person(String name, boolean active) {
    return new Person(
        new PersonName(name),
        name,
        Optional.of(name + "@example.com"),
        Optional.of("sub-" + name),
        Set.of(Role.OWNER),
        active);
  }

  static Identity agent(Set<URI> clients, String... people) {
    var names = new java.util.HashSet<PersonName>();
    for (var person : people) {
      names.add(new PersonName(person));
    }
    return new Identity(
        new IdentityName("desk-agent"),
        new SpiffeId(AGENT),
        new WorkflowName("invoices"),
        IdentityKind.AGENT,
        Autonomy.ACTS_WITH_CONFIRMATION,
        Optional.empty(),
        Set.of(),
        List.of(new Authentication.SignIn(names, clients)));
  }

  void declare(Declared... changes) {
    var byKey = new LinkedHashMap<String, Declared>();
    registered.all().forEach(one -> byKey.put(one.kind() + one.key(), one));
    for (var change : changes) {
      byKey.put(change.kind() + change.key(), change);
    }
    registered = new Registered(registered.version() + 1, byKey.values());
  }

  void suspend(String person) {
    authorization
        .standings()
        .suspend(Party.of(new PersonName(person)), new PersonName("anna"), "test", now);
  }

  void resume(String person) {
    TwoPeople.resume(authorization, Party.of(new PersonName(person)), now);
  }

  // What people and clients do.

  /// Gives a person the password, by an invitation of the administrator.
  void invite(String person) {
    var opened = new Visitor(this);
    opened.get(invitation(person));
    assertThat(opened.submit("/sign-in/link", Map.of("password", PASSWORD)).status())
        .isEqualTo(200);
  }

  /// Returns the path of a link at which `person` chooses a password.
  String invitation(String person) {
    var answer = asAdmin("/v1/people/" + person + "/invitation");
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    var link = JSON.readTree(answer.text()).path("link").stringValue();
    assertThat(link).startsWith(ISSUER + "/sign-in/link?link=");
    return link.substring(ISSUER.toString().length());
  }

  Answered asAdmin(String path) {
    return asAdmin(path, "");
  }

  Answered asAdmin(String path, String body) {
    try {
      var token = Files.readString(authorization.operators().bootstrap(data, now)).strip();
      return Answered.post(address().resolve(path), "Bearer " + token, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns a browser at which `person` has signed in.
  Visitor signedIn(String person) {
    invite(person);
    var visitor = new Visitor(this);
    var answer = visitor.signIn(person, PASSWORD, "/sign-in");
    assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    return visitor;
  }

  /// Returns what the client sends people here with.
  Map<String, String> asks(Pkce pkce) {
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", client.toString());
    query.put("redirect_uri", REDIRECT);
    query.put("state", "the client's own");
    query.put("code_challenge", pkce.challenge());
    query.put("code_challenge_method", "S256");
    query.put("resource", RESOURCE);
    return query;
  }

  static String path(Map<String, String> query) {
    return Addresses.with("/oauth2/authorize", query);
  }

  /// Has `visitor` agree, and returns the code.
  String code(Visitor visitor, Pkce pkce) {
    assertThat(visitor.get(path(asks(pkce))).status()).isEqualTo(200);
    var answer =
        visitor.submit(
            "/oauth2/authorize", Map.of("as", "desk-agent/read-invoices", "say", "allow"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    assertThat(answer.location()).startsWith(REDIRECT + "?");
    assertThat(answer.answer())
        .containsEntry("state", "the client's own")
        .containsEntry("iss", ISSUER.toString())
        .containsKey("code");
    return String.valueOf(answer.answer().get("code"));
  }

  Map<String, String> redeeming(String code, Pkce pkce) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("client_id", client.toString());
    form.put("redirect_uri", REDIRECT);
    form.put("code_verifier", pkce.verifier());
    form.put("resource", RESOURCE);
    return form;
  }

  Map<String, String> refreshing(String refresh) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refresh);
    form.put("client_id", client.toString());
    form.put("resource", RESOURCE);
    return form;
  }

  Answered token(Map<String, String> form) {
    return Answered.post(address().resolve("/oauth2/token"), "", Addresses.query(form));
  }

  /// The same with a proof of `key`, made anew with the nonce that the server wants.
  Answered token(Map<String, String> form, ECKey key) {
    var target = URI.create(ISSUER + "/oauth2/token");
    var to = address().resolve("/oauth2/token");
    var first = KeyProof.of(key, "POST", target, now);
    var nonce = Answered.post(to, "", first.sign(), Addresses.query(form)).nonce();
    var proof = KeyProof.of(key, "POST", target, now).nonce(nonce);
    return Answered.post(to, "", proof.sign(), Addresses.query(form));
  }

  /// Returns the answer of the token endpoint to a person's consent.
  JsonNode issued(Visitor visitor) {
    var pkce = Pkce.fresh();
    var answer = token(redeeming(code(visitor, pkce), pkce));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return JSON.readTree(answer.text());
  }

  TokenCheck check(String token) {
    return authorization.tokens().check(token, URI.create(RESOURCE), now);
  }

  /// The verifier of one client, with its challenge.
  record Pkce(String verifier, String challenge) {
    static Pkce fresh() {
      return of(Browser.random());
    }

    static Pkce of(String verifier) {
      try {
        var digest =
            java.security.MessageDigest.getInstance("SHA-256")
                .digest(verifier.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return new Pkce(
            verifier, java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  // The record.

  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  long count(String table) {
    return database.transact(
        tx -> tx.one("SELECT count(*) AS n FROM " + table, row -> row.number("n")).orElse(-1L));
  }

  @Override
  public void close() {
    try {
      Accounted.check(database, now);
    } finally {
      server.stop();
      enforcement.close();
      authorization.close();
      Audited.close(ledger, new LedgerReader(database, ledger, KeyWrap.of(master)));
      database.close();
      site.close();
    }
  }
}
