package dev.remit.conformance.gateway;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.harness.Workload.TaskToken;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// A running Remit with one resource, `fast`, and one tool, `echo`, that `workload` may call for
/// the intent `measure`.
record FastTrial(FastUpstream upstream, RemitProcess remit, Workload workload)
    implements AutoCloseable {
  static final String SPIFFE_ID = "spiffe://remit.local/bench/bench-agent";
  static final String ECHO =
      """
      {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{
      "io.modelcontextprotocol/protocolVersion":"2026-07-28",
      "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},
      "io.modelcontextprotocol/clientCapabilities":{}},
      "name":"echo","arguments":{"n":1}}}
      """;
  private static final JsonMapper JSON = JsonMapper.shared();

  static FastTrial start(Path folder) {
    folder.toFile().setExecutable(true, false);
    var upstream = FastUpstream.start();
    var remit = RemitProcess.start(folder.resolve("data"));
    var workload = Workload.fresh(SPIFFE_ID);
    remit.admin().apply(BenchManifests.text(workload, upstream.url()));
    return new FastTrial(upstream, remit, workload);
  }

  /// Starts a task, narrowed to `tools` if there are any.
  TaskToken task(String... tools) {
    return workload.start(remit.address(), "fast", "measure", List.of(tools));
  }

  /// Returns the manifests of one more resource that has the tool `echo` and that the workload may
  /// call.
  static String another(String name, String upstream) {
    var tool = JSON.createObjectNode().put("name", "echo").put("description", "Says ok");
    var schema = tool.putObject("inputSchema").put("type", "object");
    schema.putObject("properties").putObject("n").put("type", "integer");
    schema.put("additionalProperties", false);
    var upstreamJson = "{\"http\": {\"url\": \"" + upstream + "\"}}";
    return (Declared.resource(name, upstreamJson, List.of(tool))
            + Declared.grant(name, List.of("echo")))
        .replace("identity: trial-agent", "identity: bench-agent")
        .replaceFirst("---\n", "");
  }

  /// Asks for a token of `resource`, whatever comes.
  HttpResponse<String> ask(String proof, String resource) {
    var details = JSON.createArrayNode();
    details.addObject().put("type", "https://remit.dev/task").put("intent", "measure");
    return workload.exchange(remit.address(), proof, resource, details);
  }

  String proof() {
    return workload.proof(remit.address(), Instant.now());
  }

  /// Calls `echo` at a path of the server, with a token unless it is empty.
  HttpResponse<String> call(String path, String token) {
    return send(modern(path, token, "tools/call", "echo").POST(BodyPublishers.ofString(ECHO)));
  }

  /// Begins a request of the modern era, whose headers say what its body should say.
  HttpRequest.Builder modern(String path, String token, String method, String name) {
    var request =
        HttpRequest.newBuilder(remit.address().resolve(path))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", method)
            .header("Mcp-Name", name);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return new Operator(remit.address(), "").exchange(request);
  }

  @Override
  public void close() {
    remit.close();
    upstream.close();
  }
}
