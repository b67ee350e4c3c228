package dev.remit.cli.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// A value in JSON with comments and trailing commas, with its place in the text, so that a part
/// can be replaced and every other byte stays.
sealed interface Jsonc {

  /// Offset of the first character.
  int start();

  /// Offset behind the last character.
  int end();

  /// One name and value of an object.
  ///
  /// @param name the name, unescaped
  /// @param start offset of the name's first character
  record Member(String name, int start, Jsonc value) {}

  record Obj(int start, int end, List<Member> members) implements Jsonc {
    public Obj {
      members = List.copyOf(members);
    }

    /// Returns the member's value; the last one where a name is said twice.
    Optional<Jsonc> get(String name) {
      return members.stream()
          .filter(member -> member.name().equals(name))
          .map(Member::value)
          .reduce((_, last) -> last);
    }

    Optional<Obj> object(String name) {
      return get(name)
          .flatMap(value -> value instanceof Obj object ? Optional.of(object) : Optional.empty());
    }

    Optional<String> text(String name) {
      return get(name)
          .flatMap(
              value -> value instanceof Text text ? Optional.of(text.value()) : Optional.empty());
    }

    List<String> texts(String name) {
      return get(name)
          .map(value -> value instanceof Arr array ? array.texts() : List.<String>of())
          .orElse(List.of());
    }
  }

  record Arr(int start, int end, List<Jsonc> items) implements Jsonc {
    public Arr {
      items = List.copyOf(items);
    }

    List<String> texts() {
      return items.stream()
          .flatMap(item ->
              item instanceof Text text
                  ? java.util.stream.Stream.of(text.value())
                  : java.util.stream.Stream.empty())
          .toList();
    }
  }

  record Text(int start, int end, String value) implements Jsonc {}

  /// A number, `true`, `false` or `null`, as written.
  record Plain(int start, int end, String written) implements Jsonc {}

  /// Reads a whole text.
  ///
  /// @throws IllegalArgumentException naming line and column of what is wrong
  static Jsonc parse(String text) {
    return new Reader(text).whole();
  }

  /// Reads one text from its beginning to its end.
  final class Reader {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DEPTH_MAX = 100;

    private final String text;
    private int at;
    private int depth;

    Reader(String text) {
      this.text = text;
    }

    private Jsonc whole() {
      if (text.startsWith("\uFEFF")) {
        at = 1;
      }
      skip();
      var value = value();
      skip();
      if (at < text.length()) {
        throw wrong("more text after the end");
      }
      return value;
    }

    private Jsonc value() {
      return switch (peek()) {
        case '{' -> object();
        case '[' -> array();
        case '"' -> string();
        default -> plain();
      };
    }

    private Obj object() {
      int start = enter();
      var members = new ArrayList<Member>();
      for (skip(); peek() != '}'; skip()) {
        int begin = at;
        var name = string().value();
        skip();
        expect(':');
        skip();
        members.add(new Member(name, begin, value()));
        separator('}');
      }
      return new Obj(start, leave(), members);
    }

    private Arr array() {
      int start = enter();
      var items = new ArrayList<Jsonc>();
      for (skip(); peek() != ']'; skip()) {
        items.add(value());
        separator(']');
      }
      return new Arr(start, leave(), items);
    }

    private int enter() {
      if (++depth > DEPTH_MAX) {
        throw wrong("more than " + DEPTH_MAX + " levels");
      }
      return at++;
    }

    private int leave() {
      depth--;
      return ++at;
    }

    private void separator(char close) {
      skip();
      if (peek() != close) {
        expect(',');
      }
    }

    private Text string() {
      int start = at;
      expect('"');
      while (peek() != '"') {
        at += peek() == '\\' ? 2 : 1;
      }
      at++;
      return new Text(start, at, JSON.readTree(text.substring(start, at)).asString());
    }

    private Plain plain() {
      int start = at;
      while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
        at++;
      }
      var written = text.substring(start, at);
      if (!written.matches("true|false|null|-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
        throw wrong("no value");
      }
      return new Plain(start, at, written);
    }

    /// Passes over blanks and comments.
    private void skip() {
      while (at < text.length()) {
        if (Character.isWhitespace(text.charAt(at))) {
          at++;
        } else if (text.startsWith("//", at)) {
          int end = text.indexOf('\n', at);
          at = end < 0 ? text.length() : end;
        } else if (text.startsWith("/*", at)) {
          int end = text.indexOf("*/", at + 2);
          at = end < 0 ? text.length() : end + 2;
        } else {
          return;
        }
      }
    }

    private char peek() {
      if (at >= text.length()) {
        throw wrong("the text ends early");
      }
      return text.charAt(at);
    }

    private void expect(char wanted) {
      if (peek() != wanted) {
        throw wrong("`" + wanted + "` was expected, not `" + peek() + "`");
      }
      at++;
    }

    private IllegalArgumentException wrong(String what) {
      var before = text.substring(0, Math.min(at, text.length()));
      long line = before.chars().filter(c -> c == '\n').count() + 1;
      int column = before.length() - before.lastIndexOf('\n');
      return new IllegalArgumentException("line " + line + ", column " + column + ": " + what);
    }
  }
}
