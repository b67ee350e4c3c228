package dev.remit.conformance.bench;

import dev.remit.conformance.harness.FreePort;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A gateway of the Node world, in front of the same upstream. Those two lead from Streamable HTTP
/// to a stdio child only, so the upstream is a child here, whose CPU is not counted.
///
/// @param session the session that was opened for the load
record NodePeer(String name, Process process, int port, String session) implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final String INITIALIZE =
      "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
          + "\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"load\",\"version\":\"1\"}}}";
  private static final String INITIALIZED =
      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

  /// npm `mcp-proxy`, with nothing kept for clients that come back.
  static NodePeer mcpProxy(NodeTools.Ready node, Path folder) throws IOException {
    int port = FreePort.find();
    var arguments =
        new java.util.ArrayList<>(
            List.of("--host", "127.0.0.1", "--port", "" + port, "--server", "stream"));
    arguments.addAll(List.of("--no-eventStore", "--"));
    arguments.addAll(upstream());
    return started(
        "mcp-proxy", node.command("mcp-proxy/dist/bin/mcp-proxy.mjs", arguments), port, folder);
  }

  /// npm `supergateway`, with sessions: without them it starts a child for each request.
  static NodePeer supergateway(NodeTools.Ready node, Path folder) throws IOException {
    int port = FreePort.find();
    var arguments =
        List.of(
            "--stdio",
            String.join(" ", upstream()),
            "--outputTransport",
            "streamableHttp",
            "--stateful",
            "--port",
            "" + port,
            "--logLevel",
            "none");
    return started(
        "supergateway", node.command("supergateway/dist/index.js", arguments), port, folder);
  }

  Contender contender() {
    return Contender.inSession(name, port, ProcessCpu.alone(process), session);
  }

  private static List<String> upstream() {
    var command = ChildProcess.command(FastUpstream.class, List.of("-XX:+UseSerialGC"));
    command.add("--stdio");
    return command;
  }

  private static NodePeer started(String name, List<String> command, int port, Path folder)
      throws IOException {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    try (var client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline && process.isAlive()) {
        var session = session(client, port);
        if (!session.isEmpty()) {
          return new NodePeer(name, process, port, session);
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroy();
    throw new IOException(name + " did not open a session; see " + folder.resolve(name + ".log"));
  }

  /// Returns the id of a fresh session, or nothing while the peer does not answer.
  private static String session(HttpClient client, int port) throws InterruptedException {
    try {
      var opened = client.send(post(port, "", INITIALIZE), BodyHandlers.ofString());
      var session = opened.headers().firstValue("mcp-session-id").orElse("");
      if (opened.statusCode() == 200 && !session.isEmpty()) {
        client.send(post(port, session, INITIALIZED), BodyHandlers.ofString());
        return session;
      }
      return "";
    } catch (IOException e) {
      return "";
    }
  }

  private static HttpRequest post(int port, String session, String body) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/mcp"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofString(body));
    if (!session.isEmpty()) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-06-18");
    }
    return request.build();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
