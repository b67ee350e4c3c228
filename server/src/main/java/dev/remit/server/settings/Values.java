package dev.remit.server.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The types that a value may have, how each is written, and its unit for the reference page.
final class Values {

  private record Form(String unit, Function<String, Object> parse) {}

  private static final Map<Class<?>, Form> FORMS =
      Map.of(
          String.class, new Form("text", text -> text),
          int.class, new Form("number", Values::number),
          boolean.class, new Form("true or false", Values::flag),
          Duration.class, new Form("duration", Durations::parse),
          ByteSize.class, new Form("size", ByteSize::parse),
          HostPort.class, new Form("host:port", HostPort::parse),
          URI.class, new Form("URL", Values::uri),
          Path.class, new Form("path", Path::of));

  private Values() {}

  static boolean knows(Class<?> type) {
    return type.isEnum() || FORMS.containsKey(type);
  }

  /// @throws IllegalArgumentException saying how such a value is written
  static Object parse(Class<?> type, String text) {
    return type.isEnum() ? choice(type, text) : form(type).parse().apply(text);
  }

  static String unit(Class<?> type) {
    return type.isEnum() ? words(type) : form(type).unit();
  }

  private static Form form(Class<?> type) {
    var form = FORMS.get(type);
    if (form == null) {
      throw new IllegalArgumentException("a setting cannot be of type " + type.getName());
    }
    return form;
  }

  private static Object number(String text) {
    try {
      return Integer.valueOf(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a whole number is expected", e);
    }
  }

  private static Object flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("`true` or `false` is expected");
    };
  }

  private static Object uri(String text) {
    var uri = URI.create(text);
    if (!text.isEmpty() && (uri.getScheme() == null || uri.getHost() == null)) {
      throw new IllegalArgumentException("a URL is written like `https://remit.example`");
    }
    return uri;
  }

  private static Object choice(Class<?> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("it is one of " + words(type)));
  }

  private static String words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> "`" + word(constant) + "`")
        .collect(Collectors.joining(", "));
  }

  private static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
