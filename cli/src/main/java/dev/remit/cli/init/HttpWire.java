package dev.remit.cli.init;

import dev.remit.cli.connect.EventStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server reached over Streamable HTTP.
final class HttpWire implements Wire {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http;
  private final Upstream.Http server;
  private final Duration patience;
  private Optional<String> session = Optional.empty();
  private Optional<String> version = Optional.empty();
  private int lastId;

  HttpWire(Upstream.Http server, Duration patience) {
    this.server = server;
    this.patience = patience;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  @Override
  public JsonNode ask(String method, JsonNode params) throws IOException {
    int id = ++lastId;
    var request = JSON.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
    request.set("params", params);
    var response = post(request, method);
    session = session.or(() -> response.headers().firstValue("Mcp-Session-Id"));
    try (var body = response.body()) {
      return isEventStream(response) ? answerIn(body, id) : JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IOException("its answer to `" + method + "` is not JSON", e);
    }
  }

  private static boolean isEventStream(HttpResponse<?> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    return type.startsWith("text/event-stream");
  }

  private static JsonNode answerIn(InputStream body, int id) throws IOException {
    var events = new EventStream(body, Optional.empty());
    for (var data = events.next(); data.isPresent(); data = events.next()) {
      var node = JSON.readTree(data.get());
      if (!node.has("method") && node.path("id").asInt(-1) == id) {
        return node;
      }
    }
    throw new IOException("it broke off before it had answered");
  }

  @Override
  public void tell(String method) throws IOException {
    post(JSON.createObjectNode().put("jsonrpc", "2.0").put("method", method), method)
        .body()
        .close();
  }

  @Override
  public void agreed(String agreed) {
    version = Optional.of(agreed);
  }

  private HttpResponse<InputStream> post(JsonNode message, String method) throws IOException {
    var request =
        HttpRequest.newBuilder(server.url())
            .timeout(patience)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(message)));
    addTo(request);
    var response = send(request.build());
    int status = response.statusCode();
    if (status == 401) {
      response.body().close();
      throw new IOException(
          "it wants its user to sign in (401); Remit needs a credential it can use by itself, as a"
              + " header");
    }
    if (status >= 400 && !isJson(response)) {
      response.body().close();
      throw new IOException("it answered `" + method + "` with status " + status);
    }
    return response;
  }

  private static boolean isJson(HttpResponse<?> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    return type.startsWith("application/json");
  }

  private void addTo(HttpRequest.Builder request) {
    server.settings().forEach((name, value) -> request.header(name, value.value()));
    session.ifPresent(id -> request.header("Mcp-Session-Id", id));
    version.ifPresent(agreed -> request.header("MCP-Protocol-Version", agreed));
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      var why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException("it cannot be reached at " + server.url() + ": " + why, e);
    }
  }

  /// Ends the session; a server that does not let its client do so is left alone.
  @Override
  public void close() {
    if (session.isEmpty()) {
      return;
    }
    var request = HttpRequest.newBuilder(server.url()).timeout(Duration.ofSeconds(5)).DELETE();
    addTo(request);
    try {
      send(request.build()).body().close();
    } catch (IOException e) {
      // We have what we came for.
    }
  }
}
