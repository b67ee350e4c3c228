package dev.remit.server.export;

import dev.remit.server.export.format.CloudEvent;
import dev.remit.server.export.format.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A webhook that takes CloudEvents, one signed request each, so that the order of a workflow's
/// events is kept.
///
/// Source: CloudEvents HTTP 1.1 Web Hooks 1.0.2; Standard Webhooks 1.0.0.
final class WebhookDestination implements Destination {
  private static final String ORIGIN = "WebHook-Request-Origin";

  private final Target.Webhook target;
  private final InstantSource clock;
  private final HttpSender http;
  private boolean agreed;

  /// What it asked for at the handshake, and when the next may come.
  private Duration apart = Duration.ZERO;

  private Instant next = Instant.EPOCH;

  WebhookDestination(
      Target.Webhook target,
      Duration within,
      CompletableFuture<Void> stopping,
      InstantSource clock) {
    this.target = target;
    this.clock = clock;
    this.http = new HttpSender(within, stopping);
    this.agreed = !target.handshake();
  }

  @Override
  public Delivered deliver(List<Outgoing> entries) {
    if (!agreed) {
      var refused = askConsent();
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    var now = clock.instant();
    if (now.isBefore(next) && !http.pause(Duration.between(now, next))) {
      return new Delivered.Later(HttpSender.STOPPING);
    }
    next = clock.instant().plus(apart);
    return post(entries.getFirst(), clock.instant());
  }

  private Delivered post(Outgoing out, Instant now) {
    var body = CloudEvent.bytes(out);
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", CloudEvent.MEDIA_TYPE + "; charset=utf-8");
    headers.put(ORIGIN, target.sender());
    headers.put("webhook-id", out.id());
    headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
    headers.put("webhook-signature", target.keys().sign(out.id(), now, body));
    return HttpVerdict.of(http.post(target.url(), headers, target.token(), body), now);
  }

  /// Asks whether events are wanted at all; the status of the answer says nothing, its headers do.
  private Optional<Delivered> askConsent() {
    var asked = Map.of(ORIGIN, target.sender(), "WebHook-Request-Rate", "6000");
    var answer = http.send(target.url(), "OPTIONS", asked, target.token(), new byte[0]);
    return switch (answer) {
      case HttpSender.Answer.Away(var why) -> Optional.of(new Delivered.Later(why));
      case HttpSender.Answer.Silent(var why) -> Optional.of(new Delivered.Later(why));
      case HttpSender.Answer.Said(_, var headers, _) -> {
        agreed =
            headers
                .firstValue("WebHook-Allowed-Origin")
                .filter(allowed -> allowed.equals("*") || allowed.equals(target.sender()))
                .isPresent();
        apart = headers.firstValue("WebHook-Allowed-Rate").map(this::apart).orElse(Duration.ZERO);
        yield agreed
            ? Optional.empty()
            : Optional.of(
                new Delivered.Later(
                    "it does not allow events from `" + target.sender() + "` (OPTIONS)"));
      }
    };
  }

  private Duration apart(String perMinute) {
    return perMinute.matches("[1-9][0-9]{0,8}")
        ? Duration.ofMinutes(1).dividedBy(Long.parseLong(perMinute))
        : Duration.ZERO;
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
