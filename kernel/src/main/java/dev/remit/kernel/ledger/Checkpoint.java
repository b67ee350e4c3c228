package dev.remit.kernel.ledger;

import java.util.regex.Pattern;

/// What a log says about itself at one size: all of its first `size` entries, by their root.
///
/// @param origin the log's name, also the name of its key; a scheme-less URL by custom
/// @param size number of entries
/// @param root of the RFC 6962 tree over them
///
///   Errors: text of another form is an [IllegalArgumentException]. Extension lines are refused:
///   this project writes none, and nobody could audit them.
///
///   Source: C2SP tlog-checkpoint; `docs/formats/checkpoint.md`.
public record Checkpoint(String origin, long size, Hash root) {
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");

  public Checkpoint {
    if (!NoteKey.isName(origin)) {
      throw new IllegalArgumentException("`" + origin + "` cannot be the origin of a log");
    }
    if (size < 0) {
      throw new IllegalArgumentException("a log has 0 entries or more, was " + size);
    }
  }

  public static Checkpoint parse(String text) {
    var lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty() || !SIZE.matcher(lines[1]).matches()) {
      throw new IllegalArgumentException("not a checkpoint: origin, size and root, a line each");
    }
    return new Checkpoint(lines[0], Long.parseLong(lines[1]), Hash.ofBase64(lines[2]));
  }

  /// Returns the text that is signed.
  public String text() {
    return origin + "\n" + size + "\n" + root.base64() + "\n";
  }
}
