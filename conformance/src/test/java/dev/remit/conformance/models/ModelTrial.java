package dev.remit.conformance.models;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.HeldKey;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.StdioToolList;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A built server with two models at a scripted provider, of which one is granted, and a server
/// `desk` whose tools `add` and `lookup` the agent may call; it carries them out itself, so nobody
/// answers there.
final class ModelTrial implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();

  private static final String SPIFFE_ID = "spiffe://remit.local/trial/trial-agent";
  private static final String EVERYTHING = "@modelcontextprotocol/server-everything/dist/index.js";

  final ScriptedProvider provider = new ScriptedProvider();
  private final Workload workload = Workload.fresh(SPIFFE_ID);
  private final RemitProcess remit;
  private final Cli cli;

  ModelTrial(Path folder) {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      remit = RemitProcess.start(folder.resolve("data"));
      cli =
          Cli.of(
              Files.createDirectories(folder.resolve("agent")),
              remit.address(),
              remit.admin().token());
    } catch (IOException e) {
      throw new UncheckedIOException("make folders", e);
    }
    remit.admin().secret("provider-key", ScriptedProvider.KEY);
    remit
        .admin()
        .apply(
            Declared.agent(workload)
                + models()
                + Declared.resource(
                    "desk", "{http: {url: \"http://127.0.0.1:1/mcp\"}}", List.of(ADD, LOOKUP))
                + Declared.grant("desk", List.of("*"))
                + policy());
    HeldKey.write(cli, "trial-agent", "try", workload);
  }

  private static final JsonNode ADD =
      JSON.readTree(
          """
          {"name":"add","inputSchema":{"type":"object","properties":{"a":{"type":"integer"},
           "b":{"type":"integer"}},"required":["a","b"],"additionalProperties":false}}
          """);
  private static final JsonNode LOOKUP =
      JSON.readTree(
          """
          {"name":"lookup","inputSchema":{"type":"object","properties":{"word":{"type":"string"}},
           "required":["word"],"additionalProperties":false}}
          """);

  /// Where clients of OpenAI's API connect.
  URI openai() {
    return remit.address().resolve("/llm/llm/v1");
  }

  /// Where clients of Anthropic's connect.
  URI anthropic() {
    return remit.address().resolve("/llm/llm");
  }

  RemitProcess remit() {
    return remit;
  }

  Cli cli() {
    return cli;
  }

  /// A task of its own.
  String token() {
    return workload.start(remit.address(), "llm", "try", List.of()).value();
  }

  /// A task that has narrowed itself to tools of `desk`, and may ask no model.
  String withoutModels() {
    return workload.start(remit.address(), "llm", "try", List.of("desk/add")).value();
  }

  /// Puts the npm server `everything` behind it as well.
  void everything(NodeTools.Ready node) {
    var command = node.command(EVERYTHING, List.of("stdio"));
    var stdio = JSON.createObjectNode().put("command", command.getFirst());
    command.subList(1, command.size()).forEach(stdio.putArray("args")::add);
    var upstream = JSON.createObjectNode();
    upstream.set("stdio", stdio);
    remit
        .admin()
        .apply(
            Declared.resource("everything", upstream.toString(), StdioToolList.of(command))
                + Declared.grant("everything", List.of("echo", "get-sum")));
  }

  /// Where a script lies, with the packages that it needs.
  static Path installed(String script) {
    return Home.directory().resolve("conformance/target/node").resolve(script);
  }

  /// What was done in the task that was started last.
  JsonNode course() {
    var last = remit.admin().get("/v1/tasks?state=all&limit=1").path("tasks").path(0).path("id");
    return remit.admin().get("/v1/tasks/" + last.asString("") + "/course");
  }

  List<String> tasksAtWork() {
    return StreamSupport.stream(remit.admin().get("/v1/tasks").path("tasks").spliterator(), false)
        .map(task -> task.path("id").asString(""))
        .toList();
  }

  /// Runs a client's script and returns what it printed.
  JsonNode script(NodeTools.Ready node, String name, URI baseUrl) {
    var asked = JSON.createObjectNode().put("baseURL", baseUrl.toString()).put("apiKey", token());
    try {
      var process =
          new ProcessBuilder(node.node().toString(), installed(name).toString(), asked.toString())
              .redirectError(cli.folder().resolve("client.log").toFile())
              .start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            name + " failed: " + Files.readString(cli.folder().resolve("client.log")));
      }
      return JSON.readTree(output);
    } catch (IOException e) {
      throw new UncheckedIOException("run " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a client ran", e);
    }
  }

  static NodeTools.Ready node() {
    return switch (NodeTools.prepare()) {
      case NodeTools.Ready ready -> ready;
      case NodeTools.Missing(var why) -> abort("skipped: " + why);
    };
  }

  @Override
  public void close() {
    remit.close();
    provider.close();
  }

  private String models() {
    var text = new StringBuilder();
    text.append(
        """
        ---
        apiVersion: remit.dev/v1
        kind: Resource
        metadata: {name: llm}
        spec:
          type: models
          environment: test
          upstream:
            models:
              url: "%s"
              dialects: [openai, anthropic]
              headers: {X-Provider-Key: {secret: provider-key}}
        """
            .formatted(provider.url()));
    for (var name : List.of("clerk", "other")) {
      text.append(
          """
          ---
          apiVersion: remit.dev/v1
          kind: Model
          metadata: {name: %1$s}
          spec:
            provider: example
            model: %1$s-1
            lifecycle: ga
            resource: llm
            contextWindow: 200000
            outputMax: 1000
            pricePerMillion: {input: "2.00", output: "10.00", cached: "1.00"}
          """
              .formatted(name));
    }
    return text.append(
            """
            ---
            apiVersion: remit.dev/v1
            kind: Grant
            metadata: {name: trial-llm}
            spec:
              identity: trial-agent
              resource: llm
              models: [clerk]
              dataClasses: [internal]
              limits: {tokensPerTask: 1000000}
              approvedBy: admin
              expires: %s
            """
                .formatted(LocalDate.now(ZoneOffset.UTC).plusDays(60)))
        .toString();
  }

  private static String policy() {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Policy
    metadata: {name: ask-and-call}
    spec:
      description: A trial's agent may ask models and call tools that its grants name.
      cedar: |
        permit (principal, action == Action::"ask", resource);
        permit (principal, action in Action::"call", resource);
    """;
  }
}
