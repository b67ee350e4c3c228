package dev.remit.server.credentials;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Asks a server of somebody else's a small question: without following redirects, within a time
/// and a size that cover the whole answer.
public final class OutsideClient {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final OutsideConfig limits;
  private final HttpClient client;

  public OutsideClient(OutsideConfig limits) {
    this.limits = limits;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.within())
            .build();
  }

  /// What came back; `json` is missing when it was none, or no object.
  public record Answer(int status, JsonNode json) {
    public boolean isGood() {
      return status >= 200 && status < 300;
    }

    /// Without what it says, which may be a secret.
    @Override
    public String toString() {
      return "status " + status;
    }
  }

  /// Asks, and returns the whole answer whatever its status.
  ///
  /// @param whom who is asked, for messages
  /// @throws SecretUnavailable when no whole answer comes
  public Answer ask(String whom, HttpRequest request) {
    // The request's own timeout ends with the headers; a body that trickles would outlast it.
    var coming =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.answerBytesMax()));
    try {
      return answer(coming.get(limits.within().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new SecretUnavailable(
          whom + " did not answer within " + limits.within().toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new SecretUnavailable(whom + " " + reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SecretUnavailable(whom + " was not waited for: the request has ended");
    } finally {
      coming.cancel(true);
    }
  }

  private static Answer answer(HttpResponse<byte[]> response) {
    try {
      var read = JSON.readTree(response.body());
      return new Answer(response.statusCode(), read.isObject() ? read : MissingNode.getInstance());
    } catch (JacksonException e) {
      return new Answer(response.statusCode(), MissingNode.getInstance());
    }
  }

  private String reason(ExecutionException e) {
    boolean tooLarge =
        e.getCause() instanceof IOException cause
            && String.valueOf(cause.getMessage()).contains("capacity");
    return tooLarge
        ? "answered more than " + limits.answerBytesMax() + " bytes"
        : "cannot be reached";
  }
}
