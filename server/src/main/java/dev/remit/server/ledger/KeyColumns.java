package dev.remit.server.ledger;

import java.util.List;

/// The subject keys that a batch uses and whose rows may be missing, one array for each column of
/// `ledger_kek`. What is not known is an empty text.
record KeyColumns(List<SubjectKey> keys) {

  static KeyColumns of(Attempt attempt) {
    return new KeyColumns(
        attempt.entries().stream()
            .flatMap(entry -> entry.key().stream())
            .filter(key -> !key.isStored())
            .distinct()
            .toList());
  }

  String[] names() {
    return keys.stream().map(SubjectKey::name).toArray(String[]::new);
  }

  String[] tasks() {
    return keys.stream().map(key -> key.subject().task().orElse("")).toArray(String[]::new);
  }

  String[] workflows() {
    return keys.stream().map(key -> key.subject().workflow().orElse("")).toArray(String[]::new);
  }

  String[] people() {
    return keys.stream().map(key -> key.subject().person().orElse("")).toArray(String[]::new);
  }

  long[] untilSeconds() {
    return keys.stream().mapToLong(key -> key.until().getEpochSecond()).toArray();
  }

  byte[][] wrapped() {
    return keys.stream().map(SubjectKey::wrapped).toArray(byte[][]::new);
  }
}
