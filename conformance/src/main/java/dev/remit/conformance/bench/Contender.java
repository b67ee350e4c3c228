package dev.remit.conformance.bench;

import dev.remit.conformance.harness.RemitProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// One way to the upstream, under a name that rows carry.
///
/// @param port where it listens on the loopback interface
/// @param between the processes that stand between client and upstream
/// @param headers more header lines of each call, each ending in CRLF; asked for anew for each
///   load, since a task token may live for less than a benchmark
/// @param path where it is called
/// @param message the JSON of a request, given a number that no other call has
record Contender(
    String name,
    int port,
    ProcessCpu between,
    String path,
    Supplier<String> headers,
    IntFunction<String> message) {
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"load\",\"version\":\"1\"},"
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

  /// A contender that takes a stateless call of the protocol's revision of 2026.
  static Contender modern(String name, int port, ProcessCpu between) {
    return modern(name, port, between, "/mcp", () -> "");
  }

  static Contender modern(
      String name, int port, ProcessCpu between, String path, Supplier<String> more) {
    var version =
        "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: echo\r\n";
    return new Contender(
        name, port, between, path, () -> more.get() + version, n -> call(n, META + ","));
  }

  /// A contender that is asked for its tools instead, statelessly too.
  static Contender listing(
      String name, int port, ProcessCpu between, String path, Supplier<String> more) {
    var version = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/list\r\n";
    return new Contender(
        name, port, between, path, () -> more.get() + version, n -> request(n, "tools/list", META));
  }

  /// A contender that wants a session (revisions up to 2025-11-25).
  static Contender inSession(String name, int port, ProcessCpu between, String session) {
    var headers = "MCP-Protocol-Version: 2025-06-18\r\nMcp-Session-Id: " + session + "\r\n";
    return new Contender(name, port, between, "/mcp", () -> headers, n -> call(n, ""));
  }

  /// The same way through a server that was started again.
  Contender through(RemitProcess remit) {
    return new Contender(name, port, ProcessCpu.of(remit.process()), path, headers, message);
  }

  Measured load(int connections, int calls) {
    return load(connections, calls, Load.Until.END);
  }

  Measured load(int connections, int calls, Load.Until until) {
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new Load(target, connections, calls / connections, whole(), until).run(between);
  }

  /// The whole HTTP request.
  private IntFunction<byte[]> whole() {
    var lines = headers.get();
    return n -> RawConnection.post(path, "127.0.0.1:" + port, lines, message.apply(n));
  }

  /// Returns the bytes of a stateless call with `token`.
  static byte[] call(String path, InetSocketAddress target, String token, int n) {
    var host = "127.0.0.1:" + target.getPort();
    return RawConnection.post(path, host, lines(token), call(n, META + ","));
  }

  /// Returns the bytes of a call whose answer never ends.
  static byte[] endless(String path, InetSocketAddress target, String token) {
    var message =
        request(
            1,
            "tools/call",
            META + ",\"name\":\"echo\",\"arguments\":{\"text\":\"" + FastUpstream.ENDLESS + "\"}");
    return RawConnection.post(path, "127.0.0.1:" + target.getPort(), lines(token), message);
  }

  private static String lines(String token) {
    return "Authorization: Bearer "
        + token
        + "\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: echo\r\n";
  }

  private static String call(int n, String before) {
    return request(n, "tools/call", before + "\"name\":\"echo\",\"arguments\":{\"n\":" + n + "}");
  }

  private static String request(int id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":{"
        + params
        + "}}";
  }
}
