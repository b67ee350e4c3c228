package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.timestamp.Timestamp;
import dev.remit.kernel.timestamp.TimestampRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks an RFC 3161 authority over HTTP, and believes an answer only about what it was asked.
///
/// Whether the authority has signed it is for whoever verifies, who knows the certificate to trust.
final class TimestampAuthority implements AutoCloseable {
  private static final int NONCE_BITS = 128;

  private final TimestampConfig config;
  private final SecureRandom random = new SecureRandom();
  private final HttpClient http;

  TimestampAuthority(TimestampConfig config) {
    this.config = config;
    this.http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.answerWithin())
            .build();
  }

  /// What came of asking.
  sealed interface Answer {

    /// The answer as it came; it is about what was asked.
    @SuppressWarnings("ArrayRecordComponent") // stored once, never compared
    record Stamped(byte[] reply) implements Answer {}

    /// There is no timestamp.
    ///
    /// @param why in words for an operator
    record Failed(String why) implements Answer {}
  }

  Answer stamp(byte[] what) {
    var nonce = new BigInteger(NONCE_BITS, random);
    try {
      var reply = post(new TimestampRequest(imprint(what), nonce).der());
      var timestamp = Timestamp.parse(reply);
      if (!timestamp.isOf(what)) {
        return new Answer.Failed("it stamped something else than the checkpoint");
      }
      return timestamp.answers(nonce)
          ? new Answer.Stamped(reply)
          : new Answer.Failed("it answered another request: the nonce is not ours");
    } catch (NoAnswer e) {
      return new Answer.Failed(e.why);
    } catch (IllegalArgumentException e) {
      return new Answer.Failed("its answer is no timestamp: " + e.getMessage());
    }
  }

  private static Hash imprint(byte[] what) {
    try {
      return Hash.of(MessageDigest.getInstance("SHA-256").digest(what));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private byte[] post(byte[] query) {
    var request =
        HttpRequest.newBuilder(config.url())
            .header("Content-Type", "application/timestamp-query")
            .header("Accept", "application/timestamp-reply")
            .POST(BodyPublishers.ofByteArray(query))
            .build();
    // The request's own timeout ends with the headers; a body that trickles would outlast it.
    var answer =
        http.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), Timestamp.BYTES_MAX));
    try {
      return ok(answer.get(config.answerWithin().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new NoAnswer("it did not answer within " + config.answerWithin());
    } catch (ExecutionException e) {
      throw new NoAnswer(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswer("the server is stopping");
    } finally {
      answer.cancel(true);
    }
  }

  private static byte[] ok(HttpResponse<byte[]> response) {
    var type = response.headers().firstValue("Content-Type").orElse("");
    if (response.statusCode() != 200) {
      throw new NoAnswer("it answered with status " + response.statusCode());
    }
    if (!type.startsWith("application/timestamp-reply")) {
      throw new NoAnswer("it answered with `" + type + "`, not `application/timestamp-reply`");
    }
    return response.body();
  }

  private static String reason(ExecutionException e) {
    boolean tooLarge =
        e.getCause() instanceof IOException cause
            && String.valueOf(cause.getMessage()).contains("capacity");
    return tooLarge
        ? "it answered more than " + Timestamp.BYTES_MAX + " bytes"
        : "it cannot be reached";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /// Nothing came that could be a timestamp.
  private static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String why;

    private NoAnswer(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }
}
