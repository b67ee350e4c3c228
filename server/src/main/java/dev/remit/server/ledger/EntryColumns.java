package dev.remit.server.ledger;

import org.jspecify.annotations.Nullable;

/// A batch turned on its side: one array for each column of `ledger_entry`.
record EntryColumns(Attempt attempt) {

  @Nullable String[] ids() {
    return attempt.entries().stream().map(entry -> entry.id().orElse(null)).toArray(String[]::new);
  }

  @Nullable String[] ofs() {
    return attempt.entries().stream().map(entry -> entry.of().orElse(null)).toArray(String[]::new);
  }

  @Nullable String[] abouts() {
    return attempt.entries().stream()
        .map(entry -> entry.about().orElse(null))
        .toArray(String[]::new);
  }

  String[] types() {
    return attempt.entries().stream().map(Prepared::type).toArray(String[]::new);
  }

  byte[][] leaves() {
    var leaves = new byte[attempt.bytes().size()][];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = attempt.tree().leaf(attempt.tree().before() + i).bytes();
    }
    return leaves;
  }

  byte[][] bytes() {
    return attempt.bytes().toArray(byte[][]::new);
  }
}
