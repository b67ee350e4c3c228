package dev.remit.server.export;

import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// Sends one request to a destination and waits for the whole answer, within one time. Redirects
/// are not followed: they would carry evidence and credential to a place nobody configured.
public final class HttpSender implements AutoCloseable {
  public static final String STOPPING = "the server is stopping";
  private static final int ANSWER_MAX = 64 * 1024;

  /// What came of a request.
  public sealed interface Answer {

    /// It answered. Of a long body only the beginning is kept.
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Said(int status, HttpHeaders headers, byte[] body) implements Answer {}

    /// Nobody is there.
    record Away(String why) implements Answer {}

    /// It was reached and did not answer, or not to the end.
    record Silent(String why) implements Answer {}
  }

  private final Duration within;
  private final CompletableFuture<Void> stopping;
  private final HttpClient http;

  /// @param within longest time from connecting to the end of the answer
  /// @param stopping done when nobody waits for answers any more
  public HttpSender(Duration within, CompletableFuture<Void> stopping) {
    this.within = within;
    this.stopping = stopping;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(within)
            .build();
  }

  public Answer post(URI url, Map<String, String> headers, Optional<Secret> token, byte[] body) {
    return send(url, "POST", headers, token, body);
  }

  public Answer send(
      URI url, String method, Map<String, String> headers, Optional<Secret> token, byte[] body) {
    var request =
        HttpRequest.newBuilder(url)
            .header("User-Agent", "Remit")
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer.reveal()));
    return await(http.sendAsync(request.build(), beginning()));
  }

  /// Waits, and returns false if the server stops meanwhile.
  boolean pause(Duration wait) {
    try {
      stopping.get(wait.toMillis(), TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException e) {
      return true;
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Answer await(CompletableFuture<HttpResponse<byte[]>> answer) {
    try {
      CompletableFuture.anyOf(answer, stopping).get(within.toMillis(), TimeUnit.MILLISECONDS);
      if (!answer.isDone()) {
        return new Answer.Away(STOPPING);
      }
      var said = answer.get();
      return new Answer.Said(said.statusCode(), said.headers(), said.body());
    } catch (TimeoutException e) {
      return new Answer.Silent("it did not answer within " + within.toMillis() + " ms");
    } catch (ExecutionException e) {
      return switch (e.getCause()) {
        case ConnectException _, HttpConnectTimeoutException _ ->
            new Answer.Away("it cannot be reached");
        case SSLException _ -> new Answer.Away("its certificate is not trusted, or TLS failed");
        case null, default -> new Answer.Silent("it closed the connection before it answered");
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Away(STOPPING);
    } finally {
      answer.cancel(true);
    }
  }

  /// Keeps the beginning of a body and lets the rest go by: what it answered counts, not how much.
  private static BodyHandler<byte[]> beginning() {
    return _ -> {
      var kept = new ByteArrayOutputStream();
      return BodySubscribers.mapping(
          BodySubscribers.ofByteArrayConsumer(some ->
              some.ifPresent(
                  bytes -> kept.write(bytes, 0, Math.min(bytes.length, ANSWER_MAX - kept.size())))),
          _ -> kept.toByteArray());
    };
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
