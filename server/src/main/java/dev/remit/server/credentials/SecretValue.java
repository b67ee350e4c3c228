package dev.remit.server.credentials;

/// A secret in the open. Prints as `[redacted]`; only [#reveal] shows it.
public final class SecretValue {
  private static final int CHARS_MAX = 64 * 1024;

  private final String text;

  /// @throws IllegalArgumentException if `text` is empty or longer than 65,536 characters
  public SecretValue(String text) {
    if (text.isEmpty() || text.length() > CHARS_MAX) {
      throw new IllegalArgumentException("a secret has 1 to " + CHARS_MAX + " characters");
    }
    this.text = text;
  }

  /// Returns the secret itself, for the call that needs it; never for a log, an answer or an entry.
  public String reveal() {
    return text;
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
