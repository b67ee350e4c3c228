package dev.remit.server.registry.shape;

import dev.remit.kernel.identity.Word;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// What one place in a document may hold.
public sealed interface Shape {

  /// A line or a block of text.
  ///
  /// @param what what it is, for messages: `a person's name`
  /// @param pattern an ECMA 262 regular expression for the published schema; empty for any text
  /// @param lengthMin in UTF-16 code units
  /// @param lengthMax in UTF-16 code units
  /// @param check throws [IllegalArgumentException] with the reason when the text will not do
  record Text(String what, String pattern, int lengthMin, int lengthMax, Consumer<String> check)
      implements Shape {}

  /// One of a closed list of words.
  record OneWord(List<String> words) implements Shape {
    public OneWord {
      words = List.copyOf(words);
    }
  }

  /// A whole number.
  record Count(long min, long max) implements Shape {}

  /// A date (its first instant in UTC) or an RFC 3339 time; stored as the latter, in UTC.
  record Moment() implements Shape {}

  /// A list whose order matters.
  record ListOf(Shape item, int sizeMin, int sizeMax) implements Shape {}

  /// A list whose order does not matter; stored sorted, and nothing comes twice.
  record SetOf(Shape item, int sizeMin, int sizeMax) implements Shape {}

  /// Names that the author chooses, each with a value.
  record MapOf(Text name, Shape value, int sizeMax) implements Shape {}

  /// A mapping with these keys and no others.
  record Fields(List<Field> fields) implements Shape {
    public Fields {
      fields = List.copyOf(fields);
    }

    public Fields(Field... fields) {
      this(Arrays.asList(fields));
    }
  }

  /// A mapping with exactly one of these keys.
  record Choice(List<Field> variants) implements Shape {
    public Choice {
      variants = List.copyOf(variants);
    }

    public Choice(Field... variants) {
      this(Arrays.asList(variants));
    }
  }

  /// Either text or a mapping.
  record TextOr(Text text, Fields fields) implements Shape {}

  /// Any JSON object, bounded in depth and size by the reader.
  ///
  /// @param what what it is, for messages
  record Open(String what) implements Shape {}

  static Text text(String what, int lengthMin, int lengthMax) {
    return new Text(what, "", lengthMin, lengthMax, text -> {});
  }

  static <E extends Enum<E> & Word> OneWord word(Class<E> vocabulary) {
    return new OneWord(Arrays.stream(vocabulary.getEnumConstants()).map(Word::word).toList());
  }
}
