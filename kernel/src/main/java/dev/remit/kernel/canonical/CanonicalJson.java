package dev.remit.kernel.canonical;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes a JSON value in the one form of the JSON Canonicalization Scheme: members sorted by their
/// UTF-16 code units, no blanks, shortest escapes, numbers as ECMAScript prints them.
///
/// Two texts that differ only in layout or member order have the same canonical bytes. Duplicate
/// keys never reach this class: whoever parses refuses them.
///
/// Errors: a number outside the range of an IEEE 754 double, and an unpaired surrogate, are an
/// [IllegalArgumentException]: such a value has no canonical form. An integer that a double cannot
/// hold exactly is written in its nearest double form, as the scheme demands.
///
/// Source: RFC 8785.
public final class CanonicalJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private CanonicalJson() {}

  public static byte[] bytes(JsonNode value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  public static String text(JsonNode value) {
    var out = new StringBuilder(256);
    write(value, out);
    return out.toString();
  }

  /// Returns the digest of the canonical bytes of `value`.
  public static Digest digest(JsonNode value) {
    return Digest.of(bytes(value));
  }

  /// Appends the canonical text of `value` to `out`.
  public static void write(JsonNode value, StringBuilder out) {
    switch (value.getNodeType()) {
      case OBJECT -> writeObject(value, out);
      case ARRAY -> writeArray(value, out);
      case STRING -> writeString(value.stringValue(), out);
      case NUMBER -> out.append(EcmaNumber.text(value.doubleValue()));
      case BOOLEAN -> out.append(value.booleanValue());
      case NULL -> out.append("null");
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException(value.getNodeType() + " is not a JSON value");
    }
  }

  private static void writeObject(JsonNode object, StringBuilder out) {
    // String's natural order is that of its UTF-16 code units, which is the order of RFC 8785.
    List<String> names = new ArrayList<>(object.propertyNames());
    names.sort(null);
    char separator = '{';
    for (var name : names) {
      out.append(separator);
      writeString(name, out);
      out.append(':');
      write(object.get(name), out);
      separator = ',';
    }
    out.append(names.isEmpty() ? "{}" : "}");
  }

  private static void writeArray(JsonNode array, StringBuilder out) {
    char separator = '[';
    for (var item : array) {
      out.append(separator);
      write(item, out);
      separator = ',';
    }
    out.append(array.isEmpty() ? "[]" : "]");
  }

  private static void writeString(String text, StringBuilder out) {
    if (isPlain(text)) {
      out.append('"').append(text).append('"');
      return;
    }
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> i = writeOther(text, i, c, out);
      }
    }
    out.append('"');
  }

  /// Whether nothing in it needs an escape or a second look; so nearly every string of an entry.
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  private static int writeOther(String text, int i, char c, StringBuilder out) {
    if (c < ' ') {
      out.append("\\u00")
          .append(Character.forDigit(c >> 4, 16))
          .append(Character.forDigit(c & 15, 16));
      return i;
    }
    if (!Character.isSurrogate(c)) {
      out.append(c);
      return i;
    }
    boolean paired =
        Character.isHighSurrogate(c)
            && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
    if (!paired) {
      throw new IllegalArgumentException("an unpaired surrogate has no canonical form");
    }
    out.append(c).append(text.charAt(i + 1));
    return i + 1;
  }

  /// Reads JSON text; a convenience for callers that hold the text of a trusted value.
  public static JsonNode parse(String text) {
    return JSON.readTree(text);
  }
}
