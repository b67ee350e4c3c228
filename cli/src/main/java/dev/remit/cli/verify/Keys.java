package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.ledger.LogKeys;

/// The public keys that a verification believes, and where they come from.
///
/// @param keys at least one
/// @param source where from, for the answer
/// @param trusted whether the person who verifies named them, and not the one who is verified
record Keys(LogKeys keys, String source, boolean trusted) {

  Keys {
    if (keys.keys().isEmpty()) {
      throw new CommandFailed(
          "there is no public key to verify with", "name the log's key with --key");
    }
  }

  /// Reads one key a line.
  static Keys parse(String text, String source, boolean trusted) {
    try {
      return new Keys(LogKeys.parse(text), source, trusted);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          "the public key from " + source + " cannot be read: " + e.getMessage(),
          "a key has the form name+id+base64, as `/v1/ledger/keys` gives it",
          e);
    }
  }
}
