package dev.remit.server.http;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// What an operation does that must see and stream raw bytes: the gateway.
@FunctionalInterface
public interface StreamingHandler {
  void handle(ServerRequest request, ServerResponse response) throws Exception;
}
