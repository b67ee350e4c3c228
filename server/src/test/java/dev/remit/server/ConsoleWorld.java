package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.approvals.Approval;
import dev.remit.server.approvals.Approvals;
import dev.remit.server.approvals.ApprovalsConfig;
import dev.remit.server.approvals.Asking;
import dev.remit.server.approvals.Attached;
import dev.remit.server.approvals.Binding;
import dev.remit.server.approvals.Concerned;
import dev.remit.server.approvals.Separation;
import dev.remit.server.approvals.Wanted;
import dev.remit.server.assumptions.Assumption;
import dev.remit.server.assumptions.Assumptions;
import dev.remit.server.assumptions.Present;
import dev.remit.server.assumptions.RiskClasses;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.http.Edge;
import dev.remit.server.http.Lines;
import dev.remit.server.http.Operation;
import dev.remit.server.ledger.Accounted;
import dev.remit.server.ledger.KeyWrap;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerConfig;
import dev.remit.server.ledger.OnRecord;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseConfig;
import dev.remit.server.store.TestDatabase;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole node whose time tests move, with people who sign in at its console, and a second node
/// beside it at which agents do things. Closing it compares every row with the ledger.
final class ConsoleWorld implements AutoCloseable {
  static final String AGENT = "spiffe://remit.local/invoices/invoice-agent";
  private static final String PASSWORD = "correct horse battery staple";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final DatabaseConfig where = TestDatabase.freshConfig();
  private final Path data = TestDatabase.enterable("console-");
  private final URI url = URI.create("http://127.0.0.1:" + FreePort.find());
  private final HttpClient http = HttpClient.newHttpClient();
  private final Database database = Database.open(where);
  private final MasterKey master = MasterKey.open(data, Map.of());
  private volatile Instant now = Instant.now();
  private final Features features;
  private final WebServer server;
  private final Ledger elsewhere;
  private final String admin;
  final Approvals approvals;
  final Findings findings;

  ConsoleWorld() throws IOException {
    this("");
  }

  /// @param settings the server's configuration file
  ConsoleWorld(String settings) throws IOException {
    var file = Files.writeString(data.resolve("remit.yaml"), settings);
    var config =
        ConfigSource.read(
            List.of(
                "--data", data.toString(),
                "--listen", url.getAuthority(),
                "--config", file.toString()));
    this.features = new Features(config, Map.of(), database, master, () -> now);
    this.server =
        Lines.on(WebServer.builder())
            .host("127.0.0.1")
            .port(url.getPort())
            .shutdownHook(false)
            .routing(
                new Edge(() -> now, features.callers(), features.pages(), BrokenWorld::problem)
                    .routing(features.operations()))
            .build()
            .start();
    this.elsewhere =
        Ledger.open(
            database,
            new LedgerConfig("node-2", "remit.local/ledger/node-2"),
            KeyWrap.of(master),
            () -> now);
    this.findings = new Findings(database, elsewhere);
    this.approvals =
        new Approvals(
            database,
            elsewhere,
            findings,
            ApprovalsConfig.DEFAULT,
            () ->
                new Present(
                    new Registered(0, List.of()), Digest.of("policies"), RiskClasses.NOT_COMPUTED),
            new Separation(Set.of(), () -> new Registered(0, List.of())),
            _ -> Concerned.NOBODY);
    this.admin = Files.readString(data.resolve("operator.token")).strip();
    declare(manifests());
  }

  URI url() {
    return url;
  }

  Instant now() {
    return now;
  }

  void pass(Duration duration) {
    now = now.plus(duration);
  }

  List<Operation> operations() {
    return features.operations();
  }

  // What is declared.

  /// Applies manifests as the administrator does.
  void declare(String manifests) {
    var body = JSON.createObjectNode();
    body.putArray("files").addObject().put("name", "console.yaml").put("text", manifests);
    var answer = api("POST", "/v1/registry/apply", body.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  static String person(String name, String roles) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Person
    metadata: {name: %1$s}
    spec: {displayName: %1$s of Accounts, email: %1$s@example.org, roles: [%2$s], standing: active}
    """
        .formatted(name, roles);
  }

  /// The workflow with this owner.
  static String workflow(String owner) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Workflow
    metadata: {name: invoices}
    spec:
      purpose: Pay what is due
      owner: %s
      escalation: call anna
      dataClasses: [internal]
      intents: [pay-invoices]
      stage: pilot
      pilotExpires: %s
      retention: 30d
    """
        .formatted(owner, LocalDate.now(ZoneOffset.UTC).plusDays(60));
  }

  private String manifests() {
    return """
    apiVersion: remit.dev/v1
    kind: Identity
    metadata: {name: invoice-agent}
    spec:
      workflow: invoices
      kind: agent
      autonomy: acts-with-confirmation
      authenticatesBy:
        - signIn: {people: [anna]}
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: bank}
    spec:
      type: mcp
      environment: test
      upstream: {http: {url: "http://127.0.0.1:9/mcp"}}
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: agents-may-pay}
    spec:
      description: Agents of invoices may use the bank.
      cedar: |
        permit (principal in Workflow::"invoices", action, resource in Resource::"bank");
    """
        + workflow("anna")
        + person("anna", "owner, approver")
        + person("bea", "approver")
        + person("otto", "owner")
        + person("sec", "security")
        + person("aud", "auditor")
        + person("pia", "privacy")
        + person("nob", "");
  }

  HttpResponse<String> api(String method, String path, String body) {
    return api(admin, method, path, body);
  }

  /// The same, as `sec`.
  HttpResponse<String> asSecurity(String method, String path, String body) {
    var issued = JSON.readTree(api("POST", "/v1/people/sec/tokens", "{}").body());
    return api(issued.path("token").asString(""), method, path, body);
  }

  private HttpResponse<String> api(String token, String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(url.resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("call the console", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while calling the console", e);
    }
  }

  // What agents do, at the other node.

  /// A call of `tool` that waits for an approver, and rests on who owns the workflow.
  Approval held(String tool, String arguments) {
    return held(tool, arguments, Terms.of(Set.of(Role.APPROVER)));
  }

  /// The same on other terms.
  Approval held(String tool, String arguments, Terms terms) {
    var digest = Digest.of(tool + arguments);
    var binding =
        new Binding(
            new IdentityName("invoice-agent"),
            new SpiffeId(AGENT),
            new WorkflowName("invoices"),
            TaskId.fresh(now),
            "pay-invoices",
            new PersonName("anna"),
            new Wanted(
                "tools/call", new ResourceName("bank"), "bank/" + tool, digest, Optional.empty()),
            digest,
            Digest.of("policies"));
    var asking =
        new Asking(
            binding,
            Assumptions.of(
                new Assumption.OwnerIs(new WorkflowName("invoices"), new PersonName("anna"))),
            new Decision.Hold(
                List.of(new PolicyId("four-eyes")), terms, Duration.ofMinutes(10), List.of()),
            DecisionId.fresh(now),
            JSON.readTree(arguments),
            true,
            Optional.empty());
    if (approvals.attach(asking, now) instanceof Attached.To(var approval)) {
      return approval;
    }
    throw new IllegalStateException("nobody is crowded here");
  }

  Approval approval(ApprovalId id) {
    return approvals.find(id).orElseThrow();
  }

  /// A call that was decided, and what became of it if anything did; returns its id.
  String decided(String decision, String tool, boolean ended) {
    var id = DecisionId.fresh(now).value();
    elsewhere.append(
        Entry.of(EntryType.CALL_DECIDED, now)
            .with("id", id)
            .with("decision", decision)
            .with("identity", AGENT)
            .with("workflow", "invoices")
            .with("task", TaskId.fresh(now).value())
            .with("intent", "pay-invoices")
            .with("action", "call")
            .with("resource", "bank")
            .with("target", "bank/" + tool)
            .with("because", List.of("agents-may-pay"))
            .with("policies", Digest.of("policies")));
    if (ended) {
      elsewhere.append(
          Entry.of(EntryType.CALL_ENDED, now).with("of", id).with("outcome", "answered"));
    }
    return id;
  }

  void found(String summary, Role forRole) {
    findings.raise(
        new Finding.Sighting(
            "looks-wrong", "the agent", Finding.Severity.HIGH, summary, "look", forRole),
        now);
  }

  /// How many records of a type there are, in all logs.
  List<JsonNode> entries(String type) {
    return OnRecord.entries(database, type);
  }

  // What people do.

  /// Returns a browser at which `person` has signed in.
  Visitor signedIn(String person) {
    var invited = api("POST", "/v1/people/" + person + "/invitation", "");
    assertThat(invited.statusCode()).as(invited.body()).isEqualTo(201);
    var link = URI.create(JSON.readTree(invited.body()).path("link").stringValue());
    var visitor = new Visitor();
    visitor.get(link.getRawPath() + "?" + link.getRawQuery());
    visitor.post("/sign-in/link", Map.of("password", PASSWORD));
    visitor.get("/sign-in");
    assertThat(visitor.post("/sign-in", Map.of("name", person, "password", PASSWORD)).status())
        .isEqualTo(303);
    return visitor;
  }

  Visitor stranger() {
    return new Visitor();
  }

  /// What came back.
  record Shown(int status, String text, String location, Map<String, List<String>> headers) {
    String header(String name) {
      return String.join(", ", headers.getOrDefault(name, List.of()));
    }
  }

  /// A browser without a screen or scripts: it keeps one cookie, follows nothing by itself, and
  /// sends the hidden fields of whichever form of the last page leads to where it sends.
  final class Visitor {
    private static final Pattern FORM =
        Pattern.compile("<form action=\"([^\"]+)\"[^>]*>(.*?)</form>", Pattern.DOTALL);
    private static final Pattern INPUT = Pattern.compile("<input [^>]*type=\"hidden\"[^>]*>");
    private static final Pattern NAME = Pattern.compile("name=\"([^\"]+)\"");
    private static final Pattern VALUE = Pattern.compile("value=\"([^\"]*)\"");

    private String cookie = "";
    private String page = "";

    Shown get(String path) {
      return sent("GET", path, "", Map.of());
    }

    /// Sends the form of the last page that leads to `path`, with what the person filled in.
    Shown post(String path, Map<String, String> filled) {
      return post(path, filled, Map.of());
    }

    Shown post(String path, Map<String, String> filled, Map<String, String> headers) {
      var form = new LinkedHashMap<>(hidden(path));
      form.putAll(filled);
      var body =
          form.entrySet().stream()
              .map(one ->
                  one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
              .collect(Collectors.joining("&"));
      return sent("POST", path, body, headers);
    }

    Map<String, String> hidden(String path) {
      var found = new LinkedHashMap<String, String>();
      var forms = FORM.matcher(page);
      while (forms.find()) {
        if (forms.group(1).equals(path)) {
          var inputs = INPUT.matcher(forms.group(2));
          while (inputs.find()) {
            var name = NAME.matcher(inputs.group());
            var value = VALUE.matcher(inputs.group());
            if (name.find() && value.find()) {
              found.put(name.group(1), value.group(1).replace("&amp;", "&"));
            }
          }
        }
      }
      return found;
    }

    /// The token of a form that the page may not have shown: whoever holds the cookie can make it.
    String token(String path) {
      try {
        var mac = Mac.getInstance("HmacSHA256");
        var secret = cookie.substring(cookie.indexOf('=') + 1);
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(mac.doFinal(path.getBytes(StandardCharsets.UTF_8)));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every Java platform has HmacSHA256", e);
      }
    }

    /// The request as this browser sends it, for whoever reads the answer as it comes.
    HttpRequest request(String path) {
      return HttpRequest.newBuilder(url.resolve(path)).header("Cookie", cookie).build();
    }

    private Shown sent(String method, String path, String body, Map<String, String> headers) {
      var request =
          HttpRequest.newBuilder(url.resolve(path))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
      headers.forEach(request::header);
      if (!cookie.isEmpty()) {
        request.header("Cookie", cookie);
      }
      var answer = send(request);
      answer
          .headers()
          .firstValue("Set-Cookie")
          .ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
      page = answer.body();
      return new Shown(
          answer.statusCode(),
          answer.body(),
          answer.headers().firstValue("Location").orElse(""),
          answer.headers().map());
    }
  }

  @Override
  public void close() {
    http.close();
    server.stop();
    approvals.close();
    elsewhere.close();
    features.drain(Duration.ofSeconds(1));
    features.close();
    Accounted.check(database, now);
    database.close();
  }
}
