package dev.remit.server.tokens.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Fetches a small JSON document from a platform: over TLS unless the platform is on this machine,
/// without following redirects, within a time and a size that cover the whole answer.
public final class DocumentFetch {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ProofConfig.Fetch limits;
  private final HttpClient client;

  /// Fetches within `limits`.
  public DocumentFetch(ProofConfig.Fetch limits) {
    this.limits = limits;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.timeout())
            .build();
  }

  /// Returns the document at `uri`.
  ///
  /// @throws UnusableDocument when it cannot be had or is no JSON object
  public JsonNode json(URI uri) {
    if (!isAllowed(uri)) {
      throw new UnusableDocument("`" + uri.getScheme() + "` is no https address");
    }
    try {
      var document = JSON.readTree(body(uri));
      if (document == null || !document.isObject()) {
        throw new UnusableDocument("it answered something that is not a JSON object");
      }
      return document;
    } catch (JacksonException e) {
      throw new UnusableDocument("it answered something that is not JSON");
    }
  }

  private static boolean isAllowed(URI uri) {
    return "https".equals(uri.getScheme())
        || ("http".equals(uri.getScheme())
            && uri.getHost() != null
            && LOOPBACK.contains(uri.getHost()));
  }

  private byte[] body(URI uri) {
    var request = HttpRequest.newBuilder(uri).header("Accept", "application/json").GET().build();
    // The request's own timeout ends with the headers; a body that trickles would outlast it.
    var answer =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.bytesMax()));
    try {
      return ok(answer.get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new UnusableDocument("it did not answer within " + limits.timeout());
    } catch (ExecutionException e) {
      throw new UnusableDocument(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableDocument("the server is stopping");
    } finally {
      answer.cancel(true);
    }
  }

  private static byte[] ok(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new UnusableDocument("it answered with status " + response.statusCode());
    }
    return response.body();
  }

  private String reason(ExecutionException e) {
    boolean tooLarge =
        e.getCause() instanceof IOException cause
            && String.valueOf(cause.getMessage()).contains("capacity");
    return tooLarge
        ? "it answered more than " + limits.bytesMax() + " bytes"
        : "it cannot be reached";
  }
}
