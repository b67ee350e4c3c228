package dev.remit.server.page;

import java.util.Set;
import java.util.TreeMap;

/// Writes HTML as text (WHATWG HTML, section 13.3), attributes in alphabetical order.
final class HtmlText {
  private static final Set<String> VOID = Set.of("br", "hr", "input", "link", "meta");

  private HtmlText() {}

  static void write(Html html, StringBuilder out) {
    switch (html) {
      case Html.Text(var text) -> escape(text, out);
      case Html.Element element -> write(element, out);
    }
  }

  private static void write(Html.Element element, StringBuilder out) {
    out.append('<').append(element.name());
    new TreeMap<>(element.attributes())
        .forEach((name, value) -> {
          out.append(' ').append(name);
          out.append("=\"");
          escape(value, out);
          out.append('"');
        });
    out.append('>');
    if (VOID.contains(element.name())) {
      return;
    }
    element.content().forEach(inner -> write(inner, out));
    out.append("</").append(element.name()).append('>');
  }

  private static void escape(String text, StringBuilder out) {
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> show(point, out);
          }
        });
  }

  static String visible(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints().forEach(point -> show(point, out));
    return out.toString();
  }

  private static void show(int point, StringBuilder out) {
    int kind = Character.getType(point);
    boolean steers =
        (Character.isISOControl(point) && point != '\n')
            || kind == Character.FORMAT
            || kind == Character.SURROGATE
            || kind == Character.LINE_SEPARATOR
            || kind == Character.PARAGRAPH_SEPARATOR;
    if (steers) {
      out.append("U+%04X".formatted(point));
    } else {
      out.appendCodePoint(point);
    }
  }
}
