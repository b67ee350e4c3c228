package dev.remit.conformance.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.fixture.Fixture;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.ToolLists;
import dev.remit.conformance.harness.Workload;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A server of both eras that Remit runs as a child process: each client is served in its own era.
class FixtureAsChildTest {
  @TempDir private static Path folder;

  private static RemitProcess remit;
  private static String token;

  @BeforeAll
  static void start() {
    folder.toFile().setExecutable(true, false);
    remit = RemitProcess.start(folder.resolve("data"));
    var workload = Workload.fresh("spiffe://remit.local/trial/trial-agent");
    var stdio = JsonMapper.shared().createObjectNode();
    var command = stdio.putObject("stdio").put("command", Home.java());
    var arguments = command.putArray("args");
    Home.ownClasses().forEach(arguments::add);
    arguments.add(Fixture.class.getName()).add("--stdio");
    try (var fixture = Fixture.start(0)) {
      remit
          .admin()
          .apply(
              Declared.agent(workload)
                  + Declared.resource("child", stdio.toString(), ToolLists.of(fixture.url()))
                  + Declared.grant("child", List.of("*"))
                  + Declared.allowAll());
    }
    token = workload.start(remit.address(), "child", "try", List.of()).value();
  }

  @AfterAll
  static void stop() {
    remit.close();
  }

  @Test
  void a_modern_client_is_served_without_a_session() {
    var discovered = modern("server/discover", "", "", "");
    var listed = modern("tools/list", "", "", "");
    var called = modern("tools/call", "test_simple_text", "\"arguments\":{},", "");
    var reported =
        modern(
            "tools/call",
            "test_tool_with_progress",
            "\"arguments\":{},",
            "\"progressToken\":\"p\",");
    var read = modern("resources/read", "test://static-text", "", "");

    assertThat(discovered.body()).contains("supportedVersions", "2026-07-28", "remit-fixture");
    assertThat(listed.body()).contains("test_simple_text", "\"cacheScope\":\"private\"");
    assertThat(called.body()).contains("\"resultType\":\"complete\"", "simple text");
    assertThat(called.headers().firstValue("Remit-Receipt")).isPresent();
    assertThat(reported.body()).containsSubsequence("notifications/progress", "\"result\"");
    assertThat(read.body()).contains("test://static-text", "\"resultType\":\"complete\"");
    assertThat(read.headers().firstValue("Mcp-Session-Id")).isEmpty();
  }

  @Test
  void a_legacy_client_has_a_session_of_its_own() {
    var opened =
        legacy(
            "",
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{
            "protocolVersion":"2025-11-25","capabilities":{},
            "clientInfo":{"name":"test","version":"1"}}}
            """);
    var session = opened.headers().firstValue("Mcp-Session-Id").orElseThrow();
    legacy(session, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

    var called =
        legacy(
            session,
            """
            {"jsonrpc":"2.0","id":2,"method":"tools/call",
            "params":{"name":"test_simple_text","arguments":{}}}
            """);

    assertThat(opened.body()).contains("2025-11-25");
    assertThat(called.body()).contains("simple text").doesNotContain("resultType");
  }

  private static HttpResponse<String> modern(
      String method, String name, String params, String meta) {
    var named =
        name.isEmpty()
            ? ""
            : (method.equals("resources/read") ? "\"uri\":\"" : "\"name\":\"") + name + "\",";
    var body =
        """
        {"jsonrpc":"2.0","id":1,"method":"%s","params":{%s%s"_meta":{%s
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},
        "io.modelcontextprotocol/clientCapabilities":{}}}}
        """
            .formatted(method, named, params, meta);
    var request = request("2026-07-28", body).header("Mcp-Method", method);
    if (!name.isEmpty()) {
      request.header("Mcp-Name", name);
    }
    return new Operator(remit.address(), token).exchange(request);
  }

  private static HttpResponse<String> legacy(String session, String body) {
    var request = request("2025-11-25", body);
    if (!session.isEmpty()) {
      request.header("Mcp-Session-Id", session);
    }
    return new Operator(remit.address(), token).exchange(request);
  }

  private static HttpRequest.Builder request(String version, String body) {
    return HttpRequest.newBuilder(remit.address().resolve("/mcp/child"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .header("MCP-Protocol-Version", version)
        .POST(BodyPublishers.ofString(body));
  }
}
