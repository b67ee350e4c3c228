package dev.remit.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The one way this command talks to a server.
///
/// Which server: `REMIT_ADDR`, else `http://127.0.0.1:8480`. As whom: the operator token in
/// `REMIT_TOKEN`, else in the file `data/operator.token` of the working directory, which the server
/// writes at its first start.
///
/// Every method blocks. Errors: a [ServerProblem] when the server refuses, a [CommandFailed] when
/// it cannot be reached; both say what to do.
public final class RemitClient {
  public static final String ADDRESS_DEFAULT = "http://127.0.0.1:8480";
  private static final Path TOKEN_FILE = Path.of("data", "operator.token");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI address;
  private final Optional<String> token;
  private final HttpClient http;

  public RemitClient(URI address, Optional<String> token) {
    this.address = address;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  /// Returns a client for the server and person that `terminal` names.
  public static RemitClient of(Terminal terminal) {
    return new RemitClient(address(terminal), token(terminal));
  }

  /// Returns the address that `terminal` names.
  public static URI address(Terminal terminal) {
    var text = terminal.variable("REMIT_ADDR").orElse(ADDRESS_DEFAULT);
    try {
      var uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (uri.getHost() != null && ("http".equals(uri.getScheme()) || isHttps(uri))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, like an address without a host.
    }
    throw new CommandFailed(
        "REMIT_ADDR `" + text + "` is not the address of a server",
        "give it the form http://127.0.0.1:8480 or https://remit.example.org");
  }

  private static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme());
  }

  private static Optional<String> token(Terminal terminal) {
    var given = terminal.variable("REMIT_TOKEN");
    var file = terminal.directory().resolve(TOKEN_FILE);
    if (given.isPresent() || !Files.isReadable(file)) {
      return given;
    }
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the operator token in " + file, e);
    }
  }

  /// Returns the server's address, without a trailing slash.
  public URI address() {
    return address;
  }

  /// Returns whether an operator token was found; without one only open operations answer.
  public boolean hasToken() {
    return token.isPresent();
  }

  /// Returns the JSON at `path`, which starts with a slash and may carry a query.
  public JsonNode get(String path) {
    return json(exchange("GET", path, Optional.empty()));
  }

  public JsonNode post(String path, JsonNode body) {
    return json(exchange("POST", path, Optional.of(body)));
  }

  /// The same for what may take the server longer than an answer usually does.
  public JsonNode post(String path, JsonNode body, Duration patience) {
    return json(exchange("POST", path, Optional.of(body), patience));
  }

  public JsonNode put(String path, JsonNode body) {
    return json(exchange("PUT", path, Optional.of(body)));
  }

  public JsonNode delete(String path) {
    return json(exchange("DELETE", path, Optional.empty()));
  }

  /// Returns the bytes at `path`: a tile, a checkpoint, an export.
  public byte[] bytes(String path) {
    return exchange("GET", path, Optional.empty()).body();
  }

  /// Writes what is at `path` into `file`, however long it is.
  ///
  /// @param patience how long the server may take until it begins to answer
  public void download(String path, Path file, Duration patience) {
    var request = request("GET", path, Optional.empty(), patience).build();
    var response =
        send(
            request,
            info ->
                info.statusCode() >= 400
                    ? BodySubscribers.mapping(BodySubscribers.ofByteArray(), Optional::of)
                    : BodySubscribers.mapping(
                        BodySubscribers.ofFile(file), _ -> Optional.<byte[]>empty()));
    if (response.body().isPresent()) {
      throw Problems.of(response.statusCode(), response.body().get(), hasToken());
    }
  }

  private HttpResponse<byte[]> exchange(String method, String path, Optional<JsonNode> body) {
    return exchange(method, path, body, ANSWER_TIMEOUT);
  }

  private HttpResponse<byte[]> exchange(
      String method, String path, Optional<JsonNode> body, Duration patience) {
    var request = request(method, path, body, patience).build();
    var response = send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() >= 400) {
      throw Problems.of(response.statusCode(), response.body(), hasToken());
    }
    return response;
  }

  private HttpRequest.Builder request(
      String method, String path, Optional<JsonNode> body, Duration patience) {
    var request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(patience)
            .header("Accept", "application/json, application/problem+json, */*;q=0.5")
            .method(method, publisher(body));
    body.ifPresent(_ -> request.header("Content-Type", "application/json"));
    token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    return request;
  }

  private static BodyPublisher publisher(Optional<JsonNode> body) {
    return body.map(node -> BodyPublishers.ofByteArray(JSON.writeValueAsBytes(node)))
        .orElseGet(BodyPublishers::noBody);
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> into) {
    try {
      return http.send(request, into);
    } catch (ConnectException e) {
      throw unreachable(e);
    } catch (HttpTimeoutException e) {
      throw new CommandFailed(
          "the server at " + address + " did not answer " + request.uri().getPath() + " in time",
          "look at its log, or ask again",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the connection to " + address + " broke while asking for " + request.uri().getPath(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted while waiting for " + address, "", e);
    }
  }

  private CommandFailed unreachable(ConnectException cause) {
    return new CommandFailed(
        "no server at " + address, "start it with `remit serve`, or set REMIT_ADDR", cause);
  }

  private JsonNode json(HttpResponse<byte[]> response) {
    if (response.body().length == 0) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      throw new CommandFailed(
          "what answers at " + address + " does not speak Remit's API (no JSON)",
          "check REMIT_ADDR",
          e);
    }
  }
}
