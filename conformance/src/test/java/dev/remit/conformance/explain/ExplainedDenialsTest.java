package dev.remit.conformance.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.identity.ToolDefinition;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The denials that a new user meets. Each time the explanation of the last decision names the fix;
/// the test does literally what it says, repeats the call, and the call succeeds.
@Tag("R240")
class ExplainedDenialsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> TOOLS =
      List.of(
          "granted",
          "ungranted",
          "changed",
          "bypath",
          "bylimit",
          "byintent",
          "bystage",
          "byhold",
          "byfact",
          "nopolicy",
          "lapsed");

  @TempDir private static Path folder;

  private static ToolServer upstream;
  private static RemitProcess remit;
  private static Workload workload;
  private static Operator admin;
  private static Cli asAdmin;
  private static Cli asBen;

  @BeforeAll
  static void start() throws IOException {
    folder.toFile().setExecutable(true, false);
    upstream = new ToolServer(TOOLS);
    remit = RemitProcess.start(folder.resolve("data"));
    workload = Workload.fresh("spiffe://remit.local/trial/trial-agent");
    admin = remit.admin();
    admin.apply(manifests());
    asAdmin = Cli.of(folder, remit.address(), admin.token());
    asBen = asAdmin.as(admin.person("ben").token());
  }

  @AfterAll
  static void stop() {
    remit.close();
    upstream.close();
  }

  private static String manifests() {
    var expires = LocalDate.now(ZoneOffset.UTC).plusDays(60).toString();
    var text =
        new StringBuilder(
            """
            apiVersion: remit.dev/v1
            kind: Person
            metadata: {name: ben}
            spec: {displayName: Ben, roles: [approver, security]}
            ---
            apiVersion: remit.dev/v1
            kind: Workflow
            metadata: {name: trial}
            spec:
              purpose: Meet every denial that a new user meets
              owner: admin
              escalation: trial@example.org
              dataClasses: [internal]
              intents: [look, pay]
              stage: pilot
              pilotExpires: %1$s
              retention: 30d
            ---
            apiVersion: remit.dev/v1
            kind: Identity
            metadata: {name: trial-agent}
            spec:
              workflow: trial
              kind: agent
              autonomy: acts-alone
              authenticatesBy:
                - privateKeyJwt: {jwks: {keys: [%2$s]}}
            ---
            apiVersion: remit.dev/v1
            kind: Resource
            metadata: {name: t}
            spec: {type: mcp, environment: test, upstream: {http: {url: "%3$s"}}}
            ---
            apiVersion: remit.dev/v1
            kind: Grant
            metadata: {name: trial-t}
            spec:
              identity: trial-agent
              resource: t
              tools: [granted, changed, bypath, bylimit, byintent, bystage, byhold, byfact, nopolicy]
              dataClasses: [internal]
              limits: {callsPerTask: 1000}
              approvedBy: ben
              expires: %1$s
            ---
            apiVersion: remit.dev/v1
            kind: Policy
            metadata: {name: trial}
            spec:
              description: One rule for each denial.
              cedar: |
                permit (principal in Workflow::"trial", action in [Action::"t/granted",
                    Action::"t/ungranted", Action::"t/changed", Action::"t/byhold",
                    Action::"t/byfact", Action::"t/lapsed"], resource);
                permit (principal, action == Action::"t/bypath", resource)
                when { context.arguments.path like "/data/invoices/*" };
                permit (principal, action == Action::"t/bylimit", resource)
                when { context.arguments has limit && context.arguments.limit <= 10 };
                permit (principal, action == Action::"t/byintent", resource)
                when { context.task.intent == "pay" };
                permit (principal, action == Action::"t/bystage", resource)
                when { context.stage == "production" };
                @hold("approver")
                forbid (principal, action == Action::"t/byhold", resource)
                unless { context.approved };
                forbid (principal, action == Action::"t/byfact", resource)
                when { context.arguments has amount
                    && context.arguments.amount.greaterThan(decimal("100.0")) };
            """
                .formatted(expires, workload.jwk(), upstream.url()));
    TOOLS.forEach(name -> text.append(tool(name)));
    return text.toString();
  }

  /// The tool `changed` was reviewed when it said something else of itself.
  private static String tool(String name) {
    var definition = ToolServer.definition(name);
    if (name.equals("changed")) {
      definition.put("description", "Said ok");
    }
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Tool
    metadata: {name: t/%1$s}
    spec:
      resource: t
      tool: %1$s
      effects: [read]
      dataClasses: [internal]
      definition: {digest: "%2$s", inputSchema: %3$s}
    """
        .formatted(name, ToolDefinition.digest(definition), definition.get("inputSchema"));
  }

  /// One call as it is made first, and as the fix changes it.
  private static final class Attempt {
    private final List<String> done = new ArrayList<>();
    private String tool;
    private ObjectNode arguments;
    private String token;

    Attempt(String tool, String arguments) {
      this(tool, arguments, "look", List.of());
    }

    Attempt(String tool, String arguments, String intent, List<String> tools) {
      this.tool = tool;
      this.arguments = (ObjectNode) JSON.readTree(arguments);
      this.token = workload.start(remit.address(), "t", intent, tools).value();
    }

    /// Makes the call, which is refused, and returns what `remit explain last` says.
    JsonNode refused() {
      long before = upstream.calls();
      assertThat(isMade(call())).as("the first call of " + tool).isFalse();
      assertThat(upstream.calls()).as("what was refused was not sent").isEqualTo(before);
      return explained();
    }

    /// Makes the call, which is refused; follows what `remit explain last` says; makes it again.
    JsonNode refusedThenFixed() {
      long before = upstream.calls();
      var explained = refused();
      follow(explained.path("fix"));

      var again = call();
      assertThat(isMade(again))
          .as("%s after %s: %s%n%s", tool, done, again.body(), explained.toPrettyString())
          .isTrue();
      assertThat(upstream.calls()).isEqualTo(before + 1);
      return explained;
    }

    private static JsonNode explained() {
      var said = asAdmin.run("explain", "last", "-o", "json");
      assertThat(said.status()).as(said.output()).isZero();
      return JSON.readTree(said.output());
    }

    private void follow(JsonNode fix) {
      assertThat(fix.path("says").asString("")).as("no fix is named for " + tool).isNotEmpty();
      for (var command : fix.path("run")) {
        var words = command.stringValue().split(" ", -1);
        assertThat(words[0]).isEqualTo("remit");
        var arguments = Arrays.copyOfRange(words, 1, words.length);
        var takesAnother =
            arguments[0].equals("approve") || words[words.length - 1].equals("--agree");
        var said = (takesAnother ? asBen : asAdmin).run(arguments);
        assertThat(said.status()).as(command + ": " + said.output()).isIn(0, 2);
        done.add(command.stringValue());
      }
      if (fix.has("task")) {
        var tools = fix.at("/task/tools").valueStream().map(JsonNode::stringValue).toList();
        var intent = fix.at("/task/intent").asString("look");
        token = workload.start(remit.address(), "t", intent, tools).value();
        done.add("new task");
      }
      if (fix.has("tool")) {
        tool = fix.get("tool").stringValue().replaceFirst("^t/", "");
        done.add("tool " + tool);
      }
      if (fix.has("arguments")) {
        arguments = (ObjectNode) fix.get("arguments");
        done.add("arguments " + arguments);
      }
    }

    private static boolean isMade(HttpResponse<String> answer) {
      if (answer.statusCode() != 200) {
        return false;
      }
      var body = JSON.readTree(answer.body());
      return body.has("result") && !body.at("/result/isError").asBoolean(false);
    }

    private HttpResponse<String> call() {
      var message = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", 1);
      var params = message.put("method", "tools/call").putObject("params");
      params
          .putObject("_meta")
          .put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
          .putObject("io.modelcontextprotocol/clientCapabilities");
      ((ObjectNode) params.get("_meta"))
          .putObject("io.modelcontextprotocol/clientInfo")
          .put("name", "test")
          .put("version", "1");
      params.put("name", tool).set("arguments", arguments);
      return new Operator(remit.address(), token)
          .exchange(
              HttpRequest.newBuilder(remit.address().resolve("/mcp/t"))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .header("Accept", "application/json")
                  .header("MCP-Protocol-Version", "2026-07-28")
                  .header("Mcp-Method", "tools/call")
                  .header("Mcp-Name", tool)
                  .POST(BodyPublishers.ofString(message.toString())));
    }
  }

  private static final String PATH = "{\"path\": \"/x\"}";

  @Test
  void a_tool_that_is_not_granted() {
    new Attempt("ungranted", PATH).refusedThenFixed();
  }

  @Test
  void a_tool_whose_name_is_misspelled() {
    var explained = new Attempt("grantd", PATH).refusedThenFixed();

    assertThat(explained.at("/fix/tool").stringValue()).isEqualTo("t/granted");
  }

  @Test
  void a_grant_that_has_expired() throws InterruptedException {
    var expires = Instant.now().plusSeconds(4);
    admin.apply(
        """
        apiVersion: remit.dev/v1
        kind: Grant
        metadata: {name: trial-lapsed}
        spec:
          identity: trial-agent
          resource: t
          tools: [lapsed]
          dataClasses: [internal]
          approvedBy: ben
          expires: %s
        """
            .formatted(expires));
    var attempt = new Attempt("lapsed", PATH);
    Thread.sleep(Duration.between(Instant.now(), expires.plusMillis(100)));

    attempt.refusedThenFixed();
  }

  @Test
  void arguments_that_break_the_schema() {
    var explained =
        new Attempt("bylimit", "{\"paht\": \"/x\", \"limit\": \"7\", \"nonsense\": true}")
            .refusedThenFixed();

    assertThat(explained.at("/fix/arguments").toString())
        .isEqualTo("{\"limit\":7,\"path\":\"/x\"}");
  }

  @Test
  void a_tool_outside_the_tasks_scope() {
    new Attempt("granted", PATH, "look", List.of("t/bypath")).refusedThenFixed();
  }

  @Test
  void a_task_with_another_intent() {
    new Attempt("byintent", PATH).refusedThenFixed();
  }

  @Test
  void an_argument_outside_the_permitted_path() {
    var explained = new Attempt("bypath", "{\"path\": \"/etc/invoices/7.txt\"}").refusedThenFixed();

    assertThat(explained.at("/fix/arguments/path").stringValue()).isEqualTo("/data/invoices/7.txt");
    assertThat(explained.path("reasons").toString())
        .contains("would permit it if")
        .contains("context.arguments.path is");
  }

  @Test
  void an_optional_argument_that_is_missing() {
    new Attempt("bylimit", PATH).refusedThenFixed();
  }

  @Test
  void a_workflow_that_is_still_a_pilot() {
    var fix = new Attempt("bystage", PATH).refused().path("fix");

    // Proofs and two people bring it there: PromotedPilotTest goes all the way.
    assertThat(fix.path("run").get(0).asString("")).isEqualTo("remit promote gate trial");
    assertThat(asAdmin.run("promote", "gate", "trial").output()).contains("revocation-proven");
  }

  @Test
  void a_call_that_waits_for_a_person() {
    new Attempt("byhold", PATH).refusedThenFixed();
  }

  @Test
  void a_forbid_that_cannot_be_evaluated() {
    new Attempt("byfact", "{\"path\": \"/x\", \"amount\": 1.000001}").refusedThenFixed();
  }

  @Test
  void a_tool_that_no_policy_permits() throws IOException {
    new Attempt("nopolicy", PATH).refusedThenFixed();

    assertThat(Files.readString(folder.resolve("fix.yaml"))).contains("t/nopolicy");
  }

  @Test
  void a_tool_that_changed_since_it_was_reviewed() {
    new Attempt("changed", PATH).refusedThenFixed();
  }

  @Test
  void an_identity_that_is_suspended() {
    var attempt = new Attempt("granted", PATH);
    assertThat(asAdmin.run("suspend", "identity", "trial-agent", "--reason", "trial").status())
        .isZero();

    attempt.refusedThenFixed();
  }

  @Test
  void a_task_that_has_ended() {
    var token = workload.start(remit.address(), "t", "look", List.of());
    var attempt = new Attempt("granted", PATH);
    attempt.token = token.value();
    admin.post("/v1/tasks/" + token.task() + "/complete", JSON.createObjectNode());

    attempt.refusedThenFixed();
  }

  @Test
  void a_supposed_call_is_explained_in_the_same_words() {
    var said =
        asAdmin.run(
            "explain",
            "--identity",
            "trial-agent",
            "--tool",
            "t/bypath",
            "--args",
            "{\"path\":\"/etc/passwd\"}",
            "-o",
            "json");

    assertThat(said.status()).as(said.output()).isZero();
    var explained = JSON.readTree(said.output());
    assertThat(explained.path("outcome").stringValue()).isEqualTo("deny");
    assertThat(explained.path("reasons").toString()).contains("would permit it if");
    assertThat(explained.at("/fix/arguments/path").stringValue())
        .isEqualTo("/data/invoices/passwd");
  }
}
