package dev.remit.server.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// An agent on a bare socket, which can hang up whenever it likes and in every way.
final class RawAgent implements AutoCloseable {
  private final URI server;
  private final String resource;
  private final String token;
  private final Socket socket;

  RawAgent(URI server, String resource, String token) throws IOException {
    this.server = server;
    this.resource = resource;
    this.token = token;
    this.socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    this.socket.setSoTimeout(10_000);
  }

  void post(String version, String method, String more, String body) throws IOException {
    send(
        "POST",
        "MCP-Protocol-Version: " + version + "\r\nMcp-Method: " + method + "\r\n" + more,
        body);
  }

  /// @param more further header lines, each with its line end
  void send(String verb, String more, String body) throws IOException {
    var request =
        verb
            + " /mcp/"
            + resource
            + " HTTP/1.1\r\nHost: "
            + server.getAuthority()
            + "\r\nAuthorization: Bearer "
            + token
            + "\r\nAccept: application/json, text/event-stream\r\n"
            + "Content-Type: application/json\r\n"
            + more
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /// Reads on until `text` has come.
  String readUntil(String text) throws IOException {
    var got = new StringBuilder();
    while (got.indexOf(text) < 0) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new IOException("the server hung up after: " + got);
      }
      got.append((char) b);
    }
    return got.toString();
  }

  /// Says that nothing more will be sent, and goes on listening.
  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
