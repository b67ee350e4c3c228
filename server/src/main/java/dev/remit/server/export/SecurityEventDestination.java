package dev.remit.server.export;

import dev.remit.server.export.format.Outgoing;
import dev.remit.server.export.format.SecurityEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A receiver of security event tokens: each is pushed by itself, signed anew at each attempt.
///
/// Entries that are no such event are passed over. What the receiver says is wrong with one token
/// is so for this token only; that it does not know us, our key or itself is a matter of how the
/// two were set up, and is tried again until somebody has mended it.
///
/// Source: RFC 8935.
final class SecurityEventDestination implements Destination {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Target.SecurityEvents target;
  private final Transmitter transmitter;
  private final SecurityEvent format;
  private final InstantSource clock;
  private final HttpSender http;

  SecurityEventDestination(
      Target.SecurityEvents target,
      Transmitter transmitter,
      Duration within,
      CompletableFuture<Void> stopping,
      InstantSource clock) {
    this.target = target;
    this.transmitter = transmitter;
    this.format = new SecurityEvent(transmitter.issuer(), target.audience(), transmitter::subject);
    this.clock = clock;
    this.http = new HttpSender(within, stopping);
  }

  @Override
  public Delivered deliver(List<Outgoing> entries) {
    var now = clock.instant();
    return format
        .claims(entries.getFirst(), now)
        .map(claims -> transmitter.sign(claims, now))
        .map(this::push)
        .orElseGet(Delivered.Taken::new);
  }

  private Delivered push(String token) {
    var headers = Map.of("Content-Type", SecurityEvent.MEDIA_TYPE, "Accept", "application/json");
    var body = token.getBytes(StandardCharsets.US_ASCII);
    var answer = http.post(target.url(), headers, target.token(), body);
    return answer instanceof HttpSender.Answer.Said(var status, _, var said) && status == 400
        ? refused(said)
        : HttpVerdict.of(answer, clock.instant());
  }

  private static Delivered refused(byte[] body) {
    var error = error(body);
    var why = "it refused the token: " + (error.isEmpty() ? "status 400" : error);
    return switch (error) {
      case "invalid_key",
          "invalid_issuer",
          "invalid_audience",
          "authentication_failed",
          "access_denied" ->
          new Delivered.Failed(why);
      default -> new Delivered.Refused(why);
    };
  }

  private static String error(byte[] body) {
    try {
      var error = JSON.readTree(body).path("err").asString("");
      return error.matches("[a-z_]{1,40}") ? error : "";
    } catch (JacksonException e) {
      return "";
    }
  }

  @Override
  public int atOnceMax() {
    return 1;
  }

  @Override
  public boolean isInOrder() {
    return true;
  }

  @Override
  public void close() {
    http.close();
  }
}
