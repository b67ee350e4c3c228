package dev.remit.cli.connect;

import dev.remit.kernel.identity.TaskId;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The gateway's endpoint for one resource, reached under the task's token.
///
/// Adds the token and keeps the receipts; knows nothing of what the bodies say.
final class Gateway {
  private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(5);
  private static final int UNAUTHORIZED = 401;

  private final HttpClient http;
  private final TaskToken token;
  private final ReceiptLog receipts;
  private final InstantSource clock;

  Gateway(HttpClient http, TaskToken token, ReceiptLog receipts, InstantSource clock) {
    this.http = http;
    this.token = token;
    this.receipts = receipts;
    this.clock = clock;
  }

  /// An answer on its way, which may be given up.
  static final class Pending {
    private final CompletableFuture<HttpResponse<InputStream>> answer;

    private Pending(CompletableFuture<HttpResponse<InputStream>> answer) {
      this.answer = answer;
    }

    /// Gives the exchange up and closes its connection, at which the server stops.
    void abandon() {
      if (!answer.cancel(true) && !answer.isCompletedExceptionally()) {
        closeQuietly(answer.join().body());
      }
    }
  }

  /// What to do with an exchange that has begun, so that somebody else can abandon it.
  interface Begun {
    void with(Pending pending);
  }

  HttpResponse<InputStream> post(
      byte[] body, Map<String, String> headers, String method, String name, Begun begun)
      throws IOException {
    var response = authorized("POST", () -> BodyPublishers.ofByteArray(body), headers, begun);
    response
        .headers()
        .firstValue(ReceiptLog.HEADER)
        .ifPresent(receipt -> receipts.keep(task(), method, name, receipt, clock.instant()));
    return response;
  }

  /// Opens the stream for messages that answer no request.
  HttpResponse<InputStream> listen(Map<String, String> headers, Begun begun) throws IOException {
    return authorized("GET", BodyPublishers::noBody, headers, begun);
  }

  /// Ends a session; whether the server agrees does not matter any more.
  void endSession(Map<String, String> headers) throws IOException {
    var answer = farewell(headers);
    if (token.hears(answer.headers(), "")) {
      farewell(headers);
    }
  }

  private HttpResponse<InputStream> farewell(Map<String, String> headers) throws IOException {
    var request = request("DELETE", BodyPublishers.noBody(), headers, token.token());
    var answer = exchange(request.timeout(FAREWELL_TIMEOUT).build(), _ -> {});
    closeQuietly(answer.body());
    return answer;
  }

  private String task() {
    return token.task().map(TaskId::value).orElse("unknown");
  }

  private interface Body {
    BodyPublisher fresh();
  }

  /// Sends with a good token; when the gateway has stopped accepting it, once more with the next.
  private HttpResponse<InputStream> authorized(
      String method, Body body, Map<String, String> headers, Begun begun) throws IOException {
    var held = token.token();
    var response = exchange(request(method, body.fresh(), headers, held).build(), begun);
    if (response.statusCode() == UNAUTHORIZED && token.hears(response.headers(), "")) {
      // Not the token is at fault: its proof lacks the nonce that was told just now.
      closeQuietly(response.body());
      response = exchange(request(method, body.fresh(), headers, held).build(), begun);
    }
    if (response.statusCode() != UNAUTHORIZED) {
      return response;
    }
    closeQuietly(response.body());
    var next = token.tokenOtherThan(held);
    return exchange(request(method, body.fresh(), headers, next).build(), begun);
  }

  private HttpRequest.Builder request(
      String method, BodyPublisher body, Map<String, String> headers, String held) {
    var request = HttpRequest.newBuilder(token.gateway()).method(method, body);
    token.shown(method, token.path(), held).forEach(request::header);
    headers.forEach(request::header);
    return request;
  }

  private HttpResponse<InputStream> exchange(HttpRequest request, Begun begun) throws IOException {
    var answer = http.sendAsync(request, BodyHandlers.ofInputStream());
    begun.with(new Pending(answer));
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw broken(Optional.ofNullable(e.getCause()).orElse(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private IOException broken(Throwable cause) {
    return cause instanceof ConnectException
        ? new IOException(
            "no server at " + token.gateway().resolve("/") + "; start it with `remit serve`", cause)
        : new IOException("the connection to the gateway broke: " + cause.getMessage(), cause);
  }

  static void closeQuietly(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      // Given up on purpose: there is nobody to tell.
    }
  }
}
