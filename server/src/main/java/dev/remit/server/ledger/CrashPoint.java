package dev.remit.server.ledger;

import java.util.Arrays;
import java.util.Locale;

/// A place of the commit protocol where a process can die and somebody could ask what is true then.
///
/// Written `batch/before-commit`. The answer depends on the moment alone, whatever is written:
///
/// | Moment | Stored | Was anybody told |
/// |---|---|---|
/// | before send | no | no |
/// | before commit | no: the database rolls back what it was sent | no |
/// | after commit | yes | no: to the caller it looks like a failure |
/// | before answer | yes, and its checkpoint with it | no |
public record CrashPoint(Stage stage, Moment moment) {

  /// What is being written.
  public enum Stage {
    /// The entry that begins an epoch.
    BOOT,
    /// Entries of callers.
    BATCH,
    /// What a governance change did and recorded.
    CHANGE,
    /// A new signing key.
    ROTATION,
    /// The entry that ends an epoch.
    SEAL
  }

  /// How far it has come.
  public enum Moment {
    /// Numbered, hashed and signed, in memory only.
    BEFORE_SEND,
    /// Written within a transaction that is still open.
    BEFORE_COMMIT,
    /// Durable; this process does not know it yet.
    AFTER_COMMIT,
    /// Durable and part of the tree in memory; nobody was answered, no checkpoint handed out.
    BEFORE_ANSWER;

    /// Whether what was being written is in the log after the crash.
    public boolean isStored() {
      return this == AFTER_COMMIT || this == BEFORE_ANSWER;
    }
  }

  /// Reads a point as it is written.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static CrashPoint parse(String text) {
    return Arrays.stream(Stage.values())
        .flatMap(stage -> Arrays.stream(Moment.values()).map(at -> new CrashPoint(stage, at)))
        .filter(point -> point.toString().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "`" + text + "` is not a crash point; one is written like `batch/before-commit`"));
  }

  @Override
  public String toString() {
    return word(stage) + "/" + word(moment);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
