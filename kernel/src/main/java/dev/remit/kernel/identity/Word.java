package dev.remit.kernel.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// A constant of a closed vocabulary, spelled in manifests, tokens, policies and entries as lower
/// case with hyphens: `ACTS_ALONE` is written `acts-alone`.
public interface Word {
  String name();

  /// Returns how the constant is written everywhere outside Java.
  default String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Returns the constant of `vocabulary` that is written `word`.
  ///
  /// @throws IllegalArgumentException listing the words that are known
  static <E extends Enum<E> & Word> E parse(Class<E> vocabulary, String word) {
    for (E constant : vocabulary.getEnumConstants()) {
      if (constant.word().equals(word)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "`"
            + word
            + "` is not one of "
            + Arrays.stream(vocabulary.getEnumConstants())
                .map(Word::word)
                .collect(Collectors.joining(", ")));
  }
}
