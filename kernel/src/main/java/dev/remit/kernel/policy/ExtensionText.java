package dev.remit.kernel.policy;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the texts of extension values, exactly as Cedar does: what Cedar refuses is refused.
///
/// Source: Cedar reference; where it is silent, the Rust implementation's own parsers.
final class ExtensionText {
  private static final int DECIMAL_DIGITS = 4;
  private static final int IP_TEXT_MAX = 43;

  private static final Pattern DECIMAL = Pattern.compile("(-?[0-9]+)\\.([0-9]{1,4})");
  private static final Pattern DATETIME =
      Pattern.compile(
          "([0-9]{4})-([0-9]{2})-([0-9]{2})"
              + "(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{3}))?"
              + "(?:Z|([+-])([0-9]{2})([0-9]{2})))?");
  private static final Pattern DURATION =
      Pattern.compile(
          "(-?)(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?");
  private static final long[] DURATION_UNITS_MS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

  private ExtensionText() {}

  static Value.Decimal decimal(String text) {
    var found = DECIMAL.matcher(text);
    if (!found.matches()) {
      throw new Fault("`decimal` was given a text that is not a decimal number of up to 4 places");
    }
    try {
      long whole = Math.multiplyExact(Long.parseLong(group(found, 1)), 10_000L);
      var places = group(found, 2);
      long fraction = Long.parseLong(places + "0".repeat(DECIMAL_DIGITS - places.length()));
      return new Value.Decimal(
          text.startsWith("-")
              ? Math.subtractExact(whole, fraction)
              : Math.addExact(whole, fraction));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new Fault("`decimal` overflows");
    }
  }

  static Value.Moment datetime(String text) {
    var found = DATETIME.matcher(text);
    if (!found.matches()) {
      throw new Fault("`datetime` was given a text that is not an ISO 8601 date and time");
    }
    try {
      var date = LocalDate.of(number(found, 1), number(found, 2), number(found, 3));
      var time =
          LocalTime.of(
              number(found, 4), number(found, 5), number(found, 6), number(found, 7) * 1_000_000);
      long local = date.atTime(time).toInstant(ZoneOffset.UTC).toEpochMilli();
      return new Value.Moment(local - offsetMs(found));
    } catch (DateTimeException e) {
      throw new Fault("`datetime` was given a date or time that does not exist");
    }
  }

  private static long offsetMs(Matcher found) {
    int hours = number(found, 9);
    int minutes = number(found, 10);
    if (hours > 23 || minutes > 59) {
      throw new DateTimeException("offset out of range");
    }
    long offset = (hours * 60L + minutes) * 60_000;
    return "-".equals(found.group(8)) ? -offset : offset;
  }

  static Value.Span duration(String text) {
    var found = DURATION.matcher(text);
    if (!found.matches() || text.isEmpty() || text.equals("-")) {
      throw new Fault("`duration` was given a text that is not of the form 1d2h3m4s5ms");
    }
    try {
      long total = 0;
      for (int unit = DURATION_UNITS_MS.length - 1; unit >= 0; unit--) {
        total = plus(total, found, unit);
      }
      return new Value.Span(total);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new Fault("`duration` overflows");
    }
  }

  /// Adds one unit. A negative duration is summed downwards, or the smallest long could not be
  /// written.
  private static long plus(long total, Matcher found, int unit) {
    var digits = found.group(unit + 2);
    if (digits == null) {
      return total;
    }
    boolean negative = !group(found, 1).isEmpty();
    long count = Long.parseLong(negative ? "-" + digits : digits);
    return Math.addExact(total, Math.multiplyExact(count, DURATION_UNITS_MS[unit]));
  }

  static Value.IpAddress ip(String text) {
    if (text.length() > IP_TEXT_MAX) {
      throw notAnAddress();
    }
    int slash = text.indexOf('/');
    var address = slash < 0 ? text : text.substring(0, slash);
    boolean v6 = address.indexOf(':') >= 0;
    int longest = v6 ? 128 : 32;
    int prefix = slash < 0 ? longest : prefix(text.substring(slash + 1), longest);
    if (!v6) {
      return new Value.IpAddress(0, v4(address), false, prefix);
    }
    int[] groups = v6(address);
    return new Value.IpAddress(joined(groups, 0), joined(groups, 4), true, prefix);
  }

  private static int prefix(String digits, int longest) {
    if (!digits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(digits) > longest) {
      throw notAnAddress();
    }
    return Integer.parseInt(digits);
  }

  private static long v4(String text) {
    var octets = text.split("\\.", -1);
    if (octets.length != 4) {
      throw notAnAddress();
    }
    long address = 0;
    for (var octet : octets) {
      if (!octet.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(octet) > 255) {
        throw notAnAddress();
      }
      address = address << 8 | Integer.parseInt(octet);
    }
    return address;
  }

  private static int[] v6(String text) {
    int gap = text.indexOf("::");
    var head = groups(gap < 0 ? text : text.substring(0, gap));
    var tail = groups(gap < 0 ? "" : text.substring(gap + 2));
    boolean complete = gap < 0 ? head.length == 8 : head.length + tail.length <= 7;
    if (!complete) {
      throw notAnAddress();
    }
    var all = new int[8];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(tail, 0, all, 8 - tail.length, tail.length);
    return all;
  }

  private static int[] groups(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    var parts = text.split(":", -1);
    var groups = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].matches("[0-9a-fA-F]{1,4}")) {
        throw notAnAddress();
      }
      groups[i] = Integer.parseInt(parts[i], 16);
    }
    return groups;
  }

  private static long joined(int[] groups, int from) {
    long joined = 0;
    for (int i = from; i < from + 4; i++) {
      joined = joined << 16 | groups[i];
    }
    return joined;
  }

  private static Fault notAnAddress() {
    return new Fault("`ip` was given a text that is not an IP address or range");
  }

  private static int number(Matcher found, int group) {
    var digits = found.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static String group(Matcher found, int group) {
    var text = found.group(group);
    return text == null ? "" : text;
  }
}
