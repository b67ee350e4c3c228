package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import tools.jackson.databind.json.JsonMapper;

/// One client's connection to the [LocalFront]: its requests, one after the other.
///
/// Each request has a connection of its own to the gateway. When the client goes away, that one is
/// closed at once, because in MCP a closed stream is a cancelled call.
final class FrontConnection {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> REPLACED = Set.of("host", "authorization", "dpop", "x-api-key");
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Socket client;
  private final InputStream in;
  private final OutputStream out;
  private final LocalFront.Doors doors;
  private final PrintWriter err;

  FrontConnection(Socket client, LocalFront.Doors doors, PrintWriter err) throws IOException {
    this.client = client;
    this.in = new BufferedInputStream(client.getInputStream());
    this.out = client.getOutputStream();
    this.doors = doors;
    this.err = err;
  }

  void serve() throws IOException {
    boolean more = true;
    while (more) {
      try {
        var request = Head.read(in);
        more = request.isPresent() && answer(request.get());
      } catch (Head.Malformed e) {
        refuse(400, "malformed-request", e.getMessage() + " was received", "send HTTP/1.1");
        more = false;
      }
    }
  }

  /// @return whether the connection can carry another request
  private boolean answer(Head request) throws IOException {
    if (!isLocal(request)) {
      refuse(
          403,
          "foreign-origin",
          "this address serves programs on this machine, not web pages",
          "use http://127.0.0.1 or http://localhost, and no foreign Origin");
      return false;
    }
    var door = doors.at(path(request));
    if (door.isEmpty()) {
      refuse(
          404,
          "unknown-resource",
          "nothing is served at `" + path(request) + "`",
          "use one of the addresses that were told at the start");
      return false;
    }
    try {
      return relay(request, door.get(), door.get().token().token());
    } catch (CommandFailed e) {
      err.println("remit: " + StdioBridge.words(e));
      refuse(502, "no-token", e.getMessage(), e.remedy().orElse("see the bridge's output"));
      return false;
    }
  }

  private static String path(Head request) {
    var parts = request.start().split(" ", 3);
    return parts.length > 1 ? parts[1].split("\\?", 2)[0] : "/";
  }

  private static boolean isLocal(Head request) {
    var origin = request.first("origin").map(FrontConnection::originHost);
    return request.first("host").map(FrontConnection::host).filter(LOOPBACK::contains).isPresent()
        && origin.map(LOOPBACK::contains).orElse(true);
  }

  private static String originHost(String origin) {
    return host(origin.replaceFirst("^https?://", ""));
  }

  private static String host(String authority) {
    return authority.replaceFirst(":[0-9]+$", "");
  }

  private boolean relay(Head request, LocalFront.Door door, String held) throws IOException {
    var gateway = door.token().gateway();
    try (var upstream = connect(gateway)) {
      var to = upstream.getOutputStream();
      to.write(forGateway(request, gateway, shown(request, door.token(), held)).bytes());
      boolean whole = sent(request, to);
      var watch = Thread.ofVirtual().start(() -> closeWhenClientLeaves(upstream));
      boolean more = answerFrom(request, door, new BufferedInputStream(upstream.getInputStream()));
      if (more && whole) {
        watch.join();
      }
      return more && whole && !client.isClosed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Socket connect(URI gateway) {
    boolean secure = "https".equals(gateway.getScheme());
    int port = gateway.getPort() >= 0 ? gateway.getPort() : secure ? 443 : 80;
    try {
      var socket =
          secure
              ? SSLSocketFactory.getDefault().createSocket(gateway.getHost(), port)
              : new Socket(gateway.getHost(), port);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      throw new CommandFailed(
          "no server at " + gateway.resolve("/"), "start it with `remit serve`", e);
    }
  }

  /// What is relayed as it comes cannot be sent twice, so its proof must be right the first time.
  private static Map<String, String> shown(Head request, TaskToken token, String held) {
    return token.surelyShown(request.start().split(" ", 2)[0], path(request), held);
  }

  private static Head forGateway(Head request, URI gateway, Map<String, String> shown) {
    var headers = new ArrayList<>(List.of("Host: " + gateway.getRawAuthority()));
    shown.forEach((name, value) -> headers.add(name + ": " + value));
    headers.add("Connection: close");
    return request.with(request.start().replaceFirst(" HTTP/1.0$", " HTTP/1.1"), REPLACED, headers);
  }

  /// Sends the body. A gateway that has refused already may not read all of it; its answer is then
  /// worth more than the error, but the connection carries no other request.
  private boolean sent(Head request, OutputStream to) throws Head.Malformed {
    try {
      body(request, to);
      to.flush();
      return true;
    } catch (Head.Malformed e) {
      throw e;
    } catch (IOException e) {
      return false;
    }
  }

  private void body(Head request, OutputStream to) throws IOException {
    if ("100-continue".equalsIgnoreCase(request.first("expect").orElse(""))) {
      // The gateway answers for itself; the client must not wait for both.
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    if (request.isChunked()) {
      Relay.chunks(in, to);
    } else {
      Relay.exactly(request.contentLength().orElse(0), in, to);
    }
  }

  private boolean answerFrom(Head request, LocalFront.Door door, InputStream from)
      throws IOException {
    var response = finalHead(from);
    response.first("dpop-nonce").ifPresent(door.token()::hears);
    keepReceipt(request, door, response);
    boolean bodiless =
        request.start().startsWith("HEAD ") || Set.of(204, 304).contains(response.status());
    boolean framed = bodiless || response.isChunked() || response.contentLength().isPresent();
    boolean more = framed && !request.wantsClose();
    var connection = more ? List.<String>of() : List.of("Connection: close");
    out.write(response.with(response.start(), Set.of(), connection).bytes());
    out.flush();
    if (bodiless) {
      return more;
    }
    if (response.isChunked()) {
      Relay.chunks(from, out);
    } else if (framed) {
      Relay.exactly(response.contentLength().orElse(0), from, out);
    } else {
      Relay.untilEnd(from, out);
    }
    return more;
  }

  /// Passes over interim answers such as `100 Continue`.
  private static Head finalHead(InputStream from) throws IOException {
    for (var head = Head.read(from); head.isPresent(); head = Head.read(from)) {
      if (head.get().status() >= 200) {
        return head.get();
      }
    }
    throw new IOException("the gateway closed the connection without an answer");
  }

  private static void keepReceipt(Head request, LocalFront.Door door, Head response) {
    var path = path(request);
    var method = request.first("mcp-method").orElse(path.startsWith("/llm/") ? path : "");
    var name = request.first("mcp-name").orElse("");
    for (var receipt : response.all("remit-receipt")) {
      door.token()
          .task()
          .ifPresent(
              task -> door.receipts().keep(task.value(), method, name, receipt, Instant.now()));
    }
  }

  /// Waits for the client's next byte, which is put back, or its leaving.
  private void closeWhenClientLeaves(Socket upstream) {
    try {
      in.mark(1);
      if (in.read() >= 0) {
        in.reset();
        return;
      }
    } catch (IOException e) {
      // Reset or closed: it has left.
    }
    try {
      upstream.close();
      client.close();
    } catch (IOException e) {
      // Both are gone, which is what was wanted.
    }
  }

  private void refuse(int status, String slug, String detail, String remedy) throws IOException {
    var problem = JSON.createObjectNode();
    problem.put("type", "https://remit.dev/problems/" + slug).put("status", status);
    problem.put("title", slug.replace('-', ' ')).put("detail", detail).put("remedy", remedy);
    var body = JSON.writeValueAsBytes(problem);
    var head =
        new Head(
            "HTTP/1.1 " + status + " " + slug,
            List.of(
                "Content-Type: application/problem+json",
                "Content-Length: " + body.length,
                "Connection: close"));
    out.write(head.bytes());
    out.write(body);
    out.flush();
    // Closing with unread bytes would reset the connection before the answer is read.
    in.skip(in.available());
  }
}
