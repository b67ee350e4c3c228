package dev.remit.conformance.bench;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Set;

/// A proxy made of the libraries that Remit is made of, and of nothing else: Helidon's web server
/// in front, Helidon's client behind, the body read whole and passed on. It decides nothing and
/// records nothing, so what Remit costs beyond it is what governing costs.
///
/// Usage: `RawProxy PORT`, the port of the upstream; prints its own.
final class RawProxy {

  /// What the gateway carries to an upstream in a tool call.
  private static final Set<HeaderName> CARRIED =
      Set.of(
          HeaderNames.ACCEPT,
          HeaderNames.CONTENT_TYPE,
          HeaderNames.create("mcp-protocol-version"),
          HeaderNames.create("mcp-method"),
          HeaderNames.create("mcp-name"));

  private final Http1Client client;

  private RawProxy(int upstreamPort) {
    client =
        Http1Client.builder()
            .baseUri("http://127.0.0.1:" + upstreamPort)
            .followRedirects(false)
            .socketOptions(options -> options.tcpNoDelay(true))
            .connectionCacheSize(512)
            .shareConnectionCache(false)
            .build();
  }

  public static void main(String[] args) throws InterruptedException {
    var proxy = new RawProxy(Integer.parseInt(args[0]));
    var server =
        WebServer.builder()
            .host(InetAddress.getLoopbackAddress().getHostAddress())
            .port(0)
            .connectionOptions(options -> options.tcpNoDelay(true))
            .routing(routing -> routing.post("/mcp", proxy::forward))
            .build()
            .start();
    System.out.println(server.port());
    Thread.currentThread().join();
  }

  private void forward(ServerRequest request, ServerResponse response) throws IOException {
    var onward = client.post("/mcp");
    for (var header : request.headers()) {
      if (CARRIED.contains(header.headerName())) {
        onward.header(header);
      }
    }
    byte[] body;
    try (var in = request.content().inputStream()) {
      body = in.readAllBytes();
    }
    try (var answer = onward.submit(body);
        var in = answer.inputStream()) {
      byte[] answered = in.readAllBytes();
      response.status(answer.status());
      answer.headers().contentType().ifPresent(response.headers()::contentType);
      response.send(answered);
    }
  }
}
