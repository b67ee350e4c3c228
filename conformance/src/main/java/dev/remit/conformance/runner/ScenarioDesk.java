package dev.remit.conformance.runner;

import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where `through-remit.mjs` asks its way: declares the server of the scenario that the runner has
/// just started as a resource of a running Remit, grants it, and hands out the gateway's address
/// and a task token.
///
/// The tools that are pinned are those that the same scenario listed when it ran directly: that run
/// is the review. Asking the scenario's server itself would be seen by its checks.
final class ScenarioDesk implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RemitProcess remit;
  private final Workload workload;
  private final Path reviews;
  private final WebServer server;

  private ScenarioDesk(RemitProcess remit, Workload workload, Path reviews) {
    this.remit = remit;
    this.workload = workload;
    this.reviews = reviews;
    this.server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .routing(routing -> routing.post("/", this::declare))
            .build();
  }

  /// Opens on a free port of the loopback interface.
  ///
  /// @param workload whose identity has been declared as `trial-agent`
  /// @param reviews a folder for each revision, with one list of tools for each scenario
  static ScenarioDesk open(RemitProcess remit, Workload workload, Path reviews) {
    var desk = new ScenarioDesk(remit, workload, reviews);
    desk.server.start();
    return desk;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  @Override
  public void close() {
    server.stop();
  }

  private void declare(ServerRequest request, ServerResponse response) throws IOException {
    var asked = JSON.readTree(request.content().as(byte[].class));
    var scenario = asked.get("scenario").stringValue();
    var revision = asked.get("revision").stringValue();
    var name = name(scenario, revision);
    apply(
        Declared.resource(name, upstream(asked.get("url").stringValue()), tools(scenario, revision))
            + Declared.grant(name, List.of("*")));
    var token = workload.start(remit.address(), name, "try", List.of());
    var answer = JSON.createObjectNode().put("url", remit.address() + "/mcp/" + name);
    response.send(answer.put("token", token.value()).toString());
  }

  private synchronized void apply(String manifests) {
    remit.admin().apply(manifests);
  }

  static String name(String scenario, String revision) {
    return scenario.replaceAll("[^a-z0-9]+", "-") + "-" + revision;
  }

  private static String upstream(String url) {
    var upstream = JSON.createObjectNode();
    upstream.putObject("http").put("url", url);
    return upstream.toString();
  }

  private List<JsonNode> tools(String scenario, String revision) throws IOException {
    var file = reviews.resolve(revision).resolve(scenario.replace('/', '-') + ".json");
    return Files.exists(file)
        ? StreamSupport.stream(JSON.readTree(file).spliterator(), false).toList()
        : List.of();
  }
}
