package dev.remit.server.export;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What a status of HTTP means for an export: whether the entry, the moment, or the whole
/// destination is at fault.
///
/// Source: RFC 9110, sections 10.2.3 and 15; CloudEvents HTTP 1.1 Web Hooks 1.0.2, section 2.2.
public final class HttpVerdict {
  private static final Duration WAIT_MAX = Duration.ofHours(24);

  private HttpVerdict() {}

  public static Delivered of(HttpSender.Answer answer, Instant now) {
    return switch (answer) {
      case HttpSender.Answer.Away(var why) -> new Delivered.Later(why);
      case HttpSender.Answer.Silent(var why) -> new Delivered.Failed(why);
      case HttpSender.Answer.Said(var status, var headers, _) -> of(status, headers, now);
    };
  }

  private static Delivered of(int status, HttpHeaders headers, Instant now) {
    var why = "it answered with status " + status;
    if (status >= 200 && status < 300) {
      return new Delivered.Taken();
    }
    return switch (status) {
      // What was sent is not understood, too long, or against its rules.
      case 400, 413, 422 -> new Delivered.Refused(why);
      case 410 -> new Delivered.Gone(why);
      case 408, 429, 503 -> new Delivered.Later(retryAfter(headers, now), why);
      // A credential, an address or a format that is wrong is so for every entry.
      default ->
          status >= 500
              ? new Delivered.Failed(why)
              : new Delivered.Later(retryAfter(headers, now), why);
    };
  }

  private static Optional<Duration> retryAfter(HttpHeaders headers, Instant now) {
    return headers
        .firstValue("Retry-After")
        .flatMap(text -> wait(text.strip(), now))
        .filter(Duration::isPositive)
        .map(wait -> wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait);
  }

  private static Optional<Duration> wait(String text, Instant now) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      var at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(now, at));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
