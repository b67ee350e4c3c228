package dev.remit.server.decisions;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// Writes JSON that reads back as exactly the same values, also where a stranger sent what has no
/// plain form: half a surrogate pair is escaped, since UTF-8 would lose it, and a number beyond a
/// double stays beyond one.
public final class ExactJson {
  private final StringBuilder out = new StringBuilder(512);

  /// Whether the next value comes after another one and not after a bracket or a name.
  private boolean follows;

  /// Returns `value` as UTF-8.
  public static byte[] bytes(JsonNode value) {
    return new ExactJson().value(value).toString().getBytes(StandardCharsets.UTF_8);
  }

  ExactJson open(char bracket) {
    separate();
    out.append(bracket);
    follows = false;
    return this;
  }

  ExactJson close(char bracket) {
    out.append(bracket);
    follows = true;
    return this;
  }

  ExactJson name(String name) {
    separate();
    quoted(name);
    out.append(':');
    follows = false;
    return this;
  }

  ExactJson text(String text) {
    separate();
    quoted(text);
    return this;
  }

  ExactJson number(long number) {
    separate();
    out.append(number);
    return this;
  }

  /// Adds a value that is JSON already.
  ExactJson raw(String json) {
    separate();
    out.append(json);
    return this;
  }

  /// Adds `value`, as deep as it was accepted: whoever read it has bounded that.
  ExactJson value(JsonNode value) {
    switch (value.getNodeType()) {
      case OBJECT -> {
        open('{');
        for (var member : value.properties()) {
          name(member.getKey()).value(member.getValue());
        }
        close('}');
      }
      case ARRAY -> {
        open('[');
        value.forEach(this::value);
        close(']');
      }
      case STRING -> text(value.stringValue());
      case NUMBER -> raw(numeral(value));
      case BOOLEAN -> raw(Boolean.toString(value.booleanValue()));
      case NULL -> raw("null");
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException(value.getNodeType() + " is not a JSON value");
    }
    return this;
  }

  /// A double that overflowed is written so that it overflows again.
  private static String numeral(JsonNode number) {
    boolean finite =
        !(number.isDouble() || number.isFloat()) || Double.isFinite(number.doubleValue());
    return finite ? number.toString() : number.doubleValue() > 0 ? "1e999" : "-1e999";
  }

  private void separate() {
    if (follows) {
      out.append(',');
    }
    follows = true;
  }

  private void quoted(String text) {
    out.append('"');
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
        out.append(text, plainFrom, i);
        escape(c);
        plainFrom = i + 1;
      }
    }
    out.append(text, plainFrom, text.length()).append('"');
  }

  private void escape(char c) {
    out.append('\\');
    if (c == '"' || c == '\\') {
      out.append(c);
      return;
    }
    out.append('u');
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit((c >> shift) & 0xf, 16));
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
