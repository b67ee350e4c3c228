package dev.remit.kernel.ledger;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Text that one or more keys have signed. Say nothing about the text before [#check] is
/// [NoteCheck.Signed].
///
/// @param text ends in a newline; no control characters but newlines
/// @param signatures at least one, at most 32
///
///   Errors: what is not a note is an [IllegalArgumentException].
///
///   Source: C2SP signed-note.
public record SignedNote(String text, List<NoteSignature> signatures) {
  private static final int LENGTH_MAX = 256 * 1024;
  private static final int SIGNATURES_MAX = 32;

  public SignedNote {
    signatures = List.copyOf(signatures);
    if (!text.endsWith("\n") || text.chars().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new IllegalArgumentException("a note is plain text that ends in a newline");
    }
    if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
      throw new IllegalArgumentException(
          "a note has 1 to " + SIGNATURES_MAX + " signatures, was " + signatures.size());
    }
  }

  public static SignedNote parse(String note) {
    int blank = note.lastIndexOf("\n\n");
    if (note.length() > LENGTH_MAX || blank < 0 || !note.endsWith("\n")) {
      throw new IllegalArgumentException("not a signed note");
    }
    var lines = note.substring(blank + 2, Math.max(blank + 2, note.length() - 1));
    return new SignedNote(
        note.substring(0, blank + 1), lines.lines().map(NoteSignature::parse).toList());
  }

  /// Says whether one of `keys` signed the text.
  ///
  /// Signatures by others are ignored; a wrong signature under the name and id of one of `keys`
  /// spoils the whole note.
  public NoteCheck check(Collection<NoteKey> keys) {
    NoteCheck answer = new NoteCheck.NobodyKnown();
    for (var signature : signatures) {
      for (var key : keys) {
        if (key.made(signature)) {
          if (!key.verifies(text, signature)) {
            return new NoteCheck.WrongSignature(key);
          }
          answer = new NoteCheck.Signed(key);
        }
      }
    }
    return answer;
  }

  /// Returns the note as it travels.
  @Override
  public String toString() {
    return signatures.stream()
        .map(signature -> signature + "\n")
        .collect(Collectors.joining("", text + "\n", ""));
  }
}
