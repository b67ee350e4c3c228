package dev.remit.server.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Streamable HTTP server on bare sockets, which notices at once when its client hangs up.
///
/// It lists the tools of [TestUpstream] and treats every other request as the test says; one that
/// is left unanswered stays so until the client hangs up.
public final class QuietUpstream implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// What is said on the connection of a request before it falls quiet.
  public interface Saying {
    void say(JsonNode message, OutputStream out) throws IOException, InterruptedException;
  }

  /// The methods of requests that arrived, and of those whose client hung up on them.
  final List<String> arrived = new CopyOnWriteArrayList<>();

  final List<String> hungUp = new CopyOnWriteArrayList<>();
  private final Map<String, Saying> sayings = new ConcurrentHashMap<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket server;

  public QuietUpstream() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("listen on a free port", e);
    }
    var tools = JSON.createObjectNode();
    tools.putArray("tools").add(TestUpstream.tool("read_file", "Reads a file", "path"));
    on("tools/list", (message, out) -> json(out, TestUpstream.result(message, tools)));
    Thread.startVirtualThread(this::accept);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/mcp");
  }

  public void on(String method, Saying saying) {
    sayings.put(method, saying);
  }

  /// How many connections are open.
  int connections() {
    open.removeIf(Socket::isClosed);
    return open.size();
  }

  static void json(OutputStream out, String message) throws IOException {
    byte[] body = message.getBytes(StandardCharsets.UTF_8);
    head(out, "application/json", "content-length: " + body.length);
    out.write(body);
    out.flush();
  }

  public static void stream(OutputStream out) throws IOException {
    head(out, "text/event-stream", "transfer-encoding: chunked");
    event(out, ": begun\n\n");
  }

  static void event(OutputStream out, String event) throws IOException {
    var text = Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  static void end(OutputStream out) throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static void head(OutputStream out, String type, String framing) throws IOException {
    var head = "HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\n" + framing + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        open.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    }
  }

  private void serve(Socket socket) {
    var unanswered = "";
    try (socket) {
      var in = socket.getInputStream();
      while (true) {
        var body = request(in);
        var message = body.isEmpty() ? JSON.createObjectNode() : JSON.readTree(body);
        unanswered = message.path("method").asString("GET");
        arrived.add(unanswered);
        var saying = sayings.get(unanswered);
        if (saying != null) {
          saying.say(message, socket.getOutputStream());
        }
      }
    } catch (IOException e) {
      hungUp.add(unanswered);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Reads one request and returns its body.
  private static String request(InputStream in) throws IOException {
    int length = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the client hung up");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
