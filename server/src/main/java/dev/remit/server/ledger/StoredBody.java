package dev.remit.server.ledger;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.store.Row;
import java.util.Optional;

/// A body's row with the key that wraps its key, as they are stored; of a body that was not erased.
///
/// @param ciphertext empty where it was not read
/// @param wrapped the body's key
/// @param kek name of the key that wrapped it
/// @param kekWrapped that key; empty where the master key itself has wrapped the body's
@SuppressWarnings("ArrayRecordComponent") // Read in one place and opened in the next.
record StoredBody(
    Optional<byte[]> ciphertext, byte[] wrapped, String kek, Optional<byte[]> kekWrapped) {

  /// What joins a body `b` to its key `k`.
  static final String KEY = " LEFT JOIN ledger_kek k ON k.name = b.kek ";

  /// Columns for [#of], beside a `ciphertext`.
  static final String COLUMNS =
      " b.wrapped, b.kek, k.wrapped AS kek_wrapped,"
          + " b.wrapped IS NULL OR (k.name IS NOT NULL AND k.wrapped IS NULL) AS erased ";

  /// Empty if it was erased, or never was.
  static Optional<StoredBody> of(Row row) {
    return row.maybeBytes("wrapped")
        .filter(_ -> !row.flag("erased"))
        .map(wrapped ->
            new StoredBody(
                row.maybeBytes("ciphertext"),
                wrapped,
                row.text("kek"),
                row.maybeBytes("kek_wrapped")));
  }

  /// Returns the salt and the value, as they were.
  ///
  /// @param older opens what was kept before there were keys of subjects
  /// @throws IllegalStateException if it is not the value that `commitment` was made over
  byte[] openSalted(String name, Digest commitment, SubjectKeys keys, KeyWrap older) {
    var opening = kekWrapped.<KeyWrap>map(key -> keys.opening(kek, key)).orElse(older);
    return SealedBody.openSalted(name, ciphertext.orElseThrow(), wrapped, commitment, opening);
  }

  /// Returns the value alone.
  byte[] open(String name, Digest commitment, SubjectKeys keys, KeyWrap older) {
    return SealedBody.value(openSalted(name, commitment, keys, older));
  }
}
