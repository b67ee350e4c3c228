package dev.remit.server.console;

import dev.remit.kernel.identity.Word;
import dev.remit.server.page.Html;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/// Times, spans and counts in words, the same on every page. Times are UTC.
final class Wording {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Wording() {}

  /// A moment: by the clock if it is within a day of `now`, and else with its date.
  static Html.Element when(Instant at, Instant now) {
    return Html.element("time").with("datetime", at.toString()).saying(moment(at, now));
  }

  static String moment(Instant at, Instant now) {
    boolean near = Duration.between(at, now).abs().compareTo(Duration.ofHours(18)) < 0;
    return (near ? CLOCK : DAY).format(at);
  }

  /// How long it takes, or took, in the largest unit that says something.
  static String span(Duration span) {
    var abs = span.abs();
    if (abs.compareTo(Duration.ofSeconds(1)) < 0) {
      return abs.toMillis() + " ms";
    }
    if (abs.compareTo(Duration.ofMinutes(2)) < 0) {
      return abs.toSeconds() + " s";
    }
    if (abs.compareTo(Duration.ofHours(2)) < 0) {
      return abs.toMinutes() + " min";
    }
    return abs.compareTo(Duration.ofDays(2)) < 0 ? abs.toHours() + " h" : abs.toDays() + " days";
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// `1 call`, `2 calls`.
  static String count(long count, String thing) {
    return count(count) + " " + thing + (count == 1 ? "" : "s");
  }

  static String words(Collection<? extends Word> words) {
    return words.stream().map(Word::word).sorted().collect(Collectors.joining(", "));
  }

  static String names(Collection<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }

  /// The last part of a SPIFFE ID, which is the identity's name with us where nothing else is
  /// known.
  static String last(String spiffeId) {
    return spiffeId.substring(spiffeId.lastIndexOf('/') + 1);
  }

  /// A share, never rounded up to all of it.
  static String percent(long part, long whole) {
    double share = Math.floor(part * 10_000.0 / whole) / 100;
    return share == Math.rint(share)
        ? String.format(Locale.ROOT, "%.0f", share)
        : String.format(Locale.ROOT, "%.2f", share);
  }
}
