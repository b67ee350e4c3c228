package dev.remit.cli.offline;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.ledger.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The public keys that a verification believes, and where they come from.
///
/// @param keys at least one
/// @param source where from, for the answer
/// @param trusted whether the person who verifies named them, and not the one who is verified
public record Keys(LogKeys keys, String source, boolean trusted) {

  public Keys {
    if (keys.keys().isEmpty()) {
      throw new CommandFailed(
          "there is no public key to verify with", "name the log's key with --key");
    }
  }

  /// Returns the keys that a person has named, as one key or as a file of them.
  ///
  /// @param file what `named` is if it is a file
  public static Keys named(String named, Path file) {
    try {
      return parse(Files.isRegularFile(file) ? Files.readString(file) : named, "--key", true);
    } catch (IOException e) {
      throw new CommandFailed("cannot read `" + named + "`", "name a file of public keys", e);
    }
  }

  /// Reads one key a line.
  public static Keys parse(String text, String source, boolean trusted) {
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
