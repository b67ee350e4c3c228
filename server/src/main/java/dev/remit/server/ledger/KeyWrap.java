package dev.remit.server.ledger;

import dev.remit.server.crypto.MasterKey;

/// A key-encryption key, wherever it lives: it encrypts other keys and never leaves its place.
///
/// Errors: what it cannot do is an [IllegalStateException].
public interface KeyWrap {

  /// What this key is called in the database, so that one wrapped by an older key can be told.
  String name();

  /// Returns `key` encrypted, to be opened for the same `purpose` only.
  byte[] wrap(byte[] key, String purpose);

  byte[] unwrap(byte[] wrapped, String purpose);

  /// Returns the process's master key in this shape.
  static KeyWrap of(MasterKey master) {
    return new KeyWrap() {
      @Override
      public String name() {
        return "master";
      }

      @Override
      public byte[] wrap(byte[] key, String purpose) {
        return master.wrap(key, purpose);
      }

      @Override
      public byte[] unwrap(byte[] wrapped, String purpose) {
        return master.unwrap(wrapped, purpose);
      }
    };
  }
}
