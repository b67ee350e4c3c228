package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;

/// What a person brings along to a verification, beside the log's own key: keys of witnesses, and
/// what the log has signed for before.
record Brought(Terminal terminal) {

  /// Reads keys of witnesses, given as such or as files with one a line.
  List<NoteKey> witnesses(List<String> given) {
    return given.stream().flatMap(this::witness).distinct().toList();
  }

  private Stream<NoteKey> witness(String given) {
    var path = terminal.resolve(given);
    var text = Files.isRegularFile(path) ? text(given) : given;
    return text.lines().filter(line -> !line.isBlank()).map(line -> key(given, line));
  }

  private static NoteKey key(String given, String line) {
    try {
      var key = NoteKey.parse(line);
      if (key.kind() == NoteKey.Kind.WITNESS) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          "`" + given + "` holds no key of a witness: " + e.getMessage(),
          "pass what `remit witness key` prints, or what the witness publishes",
          e);
    }
    throw new CommandFailed(
        "`" + given + "` is a log's key, where a witness's is due", "pass it with --key");
  }

  /// Reads receipts and checkpoints.
  List<SignedNote> held(List<String> files) {
    return files.stream().map(file -> note(file, text(file).strip())).toList();
  }

  private static SignedNote note(String file, String text) {
    try {
      if (text.startsWith("c2sp.org/")) {
        return Receipt.ofText(text + "\n").note();
      }
      if (!text.contains("\n")) {
        return Receipt.ofHeader(text).note();
      }
      var note = SignedNote.parse(text + "\n");
      Checkpoint.parse(note.text());
      return note;
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          "`" + file + "` is neither a receipt nor a checkpoint: " + e.getMessage(),
          "pass what /v1/receipts/ID or /v1/ledger/checkpoint gave",
          e);
    }
  }

  private String text(String file) {
    try {
      return Files.readString(terminal.resolve(file));
    } catch (IOException e) {
      throw new CommandFailed("cannot read `" + file + "`", "name a file that is there", e);
    }
  }
}
