package dev.remit.conformance.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;

/// An MCP server that does as little as one can: a tool `echo` whose answer never changes, and as
/// many others as wanted, which are only listed.
///
/// Speaks Streamable HTTP without sessions, so both protocol eras can call it. Keeps a log of its
/// own as a resource would: for each number `n` in the arguments of a call, the decision that the
/// call named in `Remit-Decision`, so that a test can hold that log against a ledger.
public final class FastUpstream implements AutoCloseable {
  /// A text that `echo` goes on repeating, as a stream of events, until nobody listens any more.
  static final String ENDLESS = "and so on";

  private static final String CALLED =
      "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"ok\"}]}";

  private static final byte[] ACCEPTED =
      "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8);

  private final ServerSocket socket;
  private final String tools;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final ConcurrentHashMap<Integer, String> seen = new ConcurrentHashMap<>();

  private FastUpstream(ServerSocket socket, String tools) {
    this.socket = socket;
    this.tools = tools;
  }

  /// Starts on a free port of the loopback interface.
  public static FastUpstream start() {
    return start(1);
  }

  private static FastUpstream start(int tools) {
    try {
      var socket = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
      var upstream = new FastUpstream(socket, list(tools));
      Thread.ofPlatform().daemon().name("fast-upstream").start(upstream::accept);
      return upstream;
    } catch (IOException e) {
      throw new UncheckedIOException("start the upstream of the benchmark", e);
    }
  }

  /// Prints the port that it listens on; with `--stdio`, speaks over standard input and output
  /// instead. A number is how many tools it lists.
  public static void main(String[] args) throws InterruptedException, IOException {
    if (List.of(args).contains("--stdio")) {
      converse();
      return;
    }
    try (var upstream = start(args.length == 0 ? 1 : Integer.parseInt(args[0]))) {
      System.out.println(upstream.address().getPort());
      Thread.currentThread().join();
    }
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  public String url() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/mcp";
  }

  /// How many tool calls have arrived.
  public long calls() {
    return calls.get();
  }

  /// How many tool calls carried a number that had been seen before.
  public long repeated() {
    return repeated.get();
  }

  /// The numbers `n` that arrived, each with the decision it came under; empty if it named none.
  public Map<Integer, String> seen() {
    return Map.copyOf(seen);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("stop the upstream of the benchmark", e);
    }
  }

  /// One message a line, as MCP's stdio transport has it. Answers requests only.
  private static void converse() throws IOException {
    var tools = list(1);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 16 * 1024);
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var result = result(line, tools);
      if (result.isPresent()) {
        out.write((message(line, result.get()) + "\n").getBytes(StandardCharsets.UTF_8));
        if (!in.ready()) {
          out.flush();
        }
      }
    }
  }

  private static String list(int tools) {
    var result = JsonMapper.shared().createObjectNode().put("resultType", "complete");
    ListedTools.of(tools).forEach(result.putArray("tools")::add);
    return result.toString();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        connection.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream(), 16 * 1024);
      var out = connection.getOutputStream();
      for (var next = RawRequest.read(in); next.isPresent(); next = RawRequest.read(in)) {
        var request = next.get();
        if (request.body().contains(ENDLESS)) {
          note(request);
          goOn(out);
        }
        out.write(answer(request));
      }
    } catch (IOException e) {
      // The other side left; that is how a connection ends.
    }
  }

  /// Until writing fails.
  private static void goOn(OutputStream out) throws IOException {
    var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.UTF_8));
    var event = ": and on\n\n".getBytes(StandardCharsets.UTF_8);
    try {
      while (true) {
        out.write(event);
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] answer(RawRequest request) {
    var body = request.body();
    if (body.contains("\"tools/call\"")) {
      note(request);
    }
    var result = result(body, tools);
    return result.isPresent() ? response(message(body, result.get())) : ACCEPTED;
  }

  /// Returns the result of a request; empty for what is no request.
  private static Optional<String> result(String body, String tools) {
    if (body.contains("\"tools/call\"")) {
      return Optional.of(CALLED);
    }
    if (body.contains("\"tools/list\"")) {
      return Optional.of(tools);
    }
    if (body.contains("\"initialize\"")) {
      return Optional.of(
          "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
              + "\"serverInfo\":{\"name\":\"fast\",\"version\":\"1\"}}");
    }
    if (body.contains("\"server/discover\"")) {
      return Optional.of(
          "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],"
              + "\"capabilities\":{\"tools\":{}},"
              + "\"serverInfo\":{\"name\":\"fast\",\"version\":\"1\"}}");
    }
    return Optional.empty();
  }

  private void note(RawRequest request) {
    calls.incrementAndGet();
    int at = request.body().indexOf("\"n\":");
    if (at >= 0) {
      int n = Integer.parseInt(digits(request.body(), at + 4));
      if (seen.putIfAbsent(n, request.decision()) != null) {
        repeated.incrementAndGet();
      }
    }
  }

  private static String message(String body, String result) {
    int at = body.indexOf("\"id\":");
    var id = at < 0 ? "null" : id(body, at + 5);
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  private static byte[] response(String json) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String id(String body, int colon) {
    int from = colon;
    while (body.charAt(from) == ' ') {
      from++;
    }
    if (body.charAt(from) == '"') {
      return body.substring(from, body.indexOf('"', from + 1) + 1);
    }
    return digits(body, from);
  }

  private static String digits(String body, int from) {
    int to = from;
    while (to < body.length() && Character.isDigit(body.charAt(to))) {
      to++;
    }
    return body.substring(from, to);
  }
}
