package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.remit.kernel.identity.SecretKind;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Passwords in addresses: `postgresql://name:password@host`.
final class ConnectionStrings {
  private static final int PART_MAX = 256;

  /// What people write where a password would stand.
  private static final Set<String> PLACEHOLDERS =
      Set.of(
          "password", "pass", "pwd", "secret", "xxx", "xxxx", "***", "****", "changeme", "example");

  private ConnectionStrings() {}

  /// @param colon where `://` stands
  static void find(byte[] text, int from, int colon, int to, List<Exposure> found) {
    int scheme = colon;
    while (scheme > from && isOfScheme(text[scheme - 1])) {
      scheme--;
    }
    int user = colon + 3;
    int separator = part(text, user, to);
    if (colon - scheme < 2 || separator >= to || text[separator] != ':') {
      return;
    }
    int end = part(text, separator + 1, to);
    boolean isUserInfo = end < to && text[end] == '@' && end - separator > 1;
    if (isUserInfo && !isPlaceholder(text, separator + 1, end)) {
      found.add(
          new Exposure(SecretKind.CONNECTION_STRING, "password-in-url", separator + 1, end, false));
    }
  }

  private static int part(byte[] text, int from, int to) {
    int end = from;
    while (end < to && end - from < PART_MAX && isOfPart(text[end])) {
      end++;
    }
    return end;
  }

  private static boolean isOfPart(byte b) {
    return b > ' ' && b < 127 && "@:/?#\"'<>[]{}\\`".indexOf(b) < 0;
  }

  private static boolean isOfScheme(byte b) {
    return Alphabet.BASE62.has(b) || b == '+' || b == '.' || b == '-';
  }

  private static boolean isPlaceholder(byte[] text, int from, int end) {
    var said = new String(text, from, end - from, US_ASCII).toLowerCase(Locale.ROOT);
    return said.startsWith("$") || said.startsWith("%") || PLACEHOLDERS.contains(said);
  }
}
