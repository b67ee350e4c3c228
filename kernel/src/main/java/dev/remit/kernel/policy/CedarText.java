package dev.remit.kernel.policy;

/// Writes Cedar source text.
final class CedarText {

  private CedarText() {}

  /// Returns `text` as a Cedar string literal.
  static String quoted(String text) {
    var out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(point -> appendEscaped(out, point));
    return out.append('"').toString();
  }

  private static void appendEscaped(StringBuilder out, int point) {
    switch (point) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0 -> out.append("\\0");
      default -> {
        if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT) {
          out.append("\\u{").append(Integer.toHexString(point)).append('}');
        } else {
          out.appendCodePoint(point);
        }
      }
    }
  }
}
