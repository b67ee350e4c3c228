package dev.remit.server.decisions;

import dev.remit.kernel.identity.SecretKind;
import dev.remit.kernel.identity.Word;
import java.util.Collection;
import java.util.List;

/// What was found of secrets in what is asked, for policy: how many and of what kinds, never which.
///
/// @param kinds the words of [SecretKind], sorted, each once
/// @param count how many, those of all kinds together
/// @param canaries how many of them are planted
public record SecretFacts(List<String> kinds, long count, long canaries) {
  /// Nothing was found, or nothing was looked at.
  public static final SecretFacts NONE = new SecretFacts(List.of(), 0, 0);

  public SecretFacts {
    kinds = kinds.stream().distinct().sorted().toList();
  }

  /// One of each of these kinds.
  static SecretFacts of(Collection<String> kinds) {
    kinds.forEach(kind -> Word.parse(SecretKind.class, kind));
    long canaries = kinds.stream().filter(SecretKind.CANARY.word()::equals).distinct().count();
    return kinds.isEmpty()
        ? NONE
        : new SecretFacts(List.copyOf(kinds), kinds.stream().distinct().count(), canaries);
  }

  public boolean isNone() {
    return count == 0;
  }
}
