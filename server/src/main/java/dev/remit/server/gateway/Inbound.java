package dev.remit.server.gateway;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.http.Line;
import dev.remit.server.http.Presented;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One HTTP request as it reached the gateway, before anything of it is believed.
///
/// @param resource the last segment of the path; not yet known to exist
/// @param headers every header under its lower-case name; of a repeated one, the first
/// @param line the connection it came on
record Inbound(String resource, Map<String, String> headers, ServerRequest request, Line line) {

  /// What may travel on to the upstream. Never `authorization`, `cookie`, `host` or `origin`: they
  /// are between the agent and us.
  private static final Set<String> CARRIED =
      Set.of(
          "accept",
          "content-type",
          "mcp-protocol-version",
          "last-event-id",
          "mcp-method",
          "mcp-name",
          "traceparent",
          "tracestate");

  static Inbound of(ServerRequest request) {
    var headers = new HashMap<String, String>();
    request
        .headers()
        .forEach(
            header -> headers.putIfAbsent(header.name().toLowerCase(Locale.ROOT), header.get()));
    return new Inbound(
        request.path().pathParameters().get("resource"), headers, request, Line.current());
  }

  Optional<ResourceName> resourceName() {
    try {
      return Optional.of(new ResourceName(resource));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /// Who it says it is from.
  Presented presented() {
    return Presented.by(request);
  }

  /// The address of whoever connects to us.
  String from() {
    return request.remotePeer().host();
  }

  String session() {
    return header("mcp-session-id");
  }

  Map<String, String> carried() {
    var carried = new LinkedHashMap<String, String>();
    headers.forEach((name, value) -> {
      if (CARRIED.contains(name) || name.startsWith("mcp-param-")) {
        carried.put(name, value);
      }
    });
    return carried;
  }

  /// Reads the body, at most one byte more than `max`.
  byte[] body(int max) throws IOException {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try (InputStream in = request.content().inputStream()) {
      return in.readNBytes(max + 1);
    }
  }
}
