package dev.remit.kernel.timestamp;

import dev.remit.kernel.canonical.CanonicalBase64;
import dev.remit.kernel.ledger.LedgerFiles;
import dev.remit.kernel.ledger.SignedNote;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The timestamps of an exported log: file `timestamps`, a line for each, with the checkpoint and
/// the authority's answer in base64.
///
/// Says nothing of the checkpoints themselves but that each is among those of the export, which
/// [dev.remit.kernel.ledger.LedgerAudit] judges.
///
/// @param proved of the newest by a trusted authority; a sentence or none
/// @param notProved of the newest by others; a sentence or none
/// @param damages a sentence each
public record ExportedTimestamps(
    List<String> proved, List<String> notProved, List<String> damages) {

  public ExportedTimestamps {
    proved = List.copyOf(proved);
    notProved = List.copyOf(notProved);
    damages = List.copyOf(damages);
  }

  /// Reads them, oldest first.
  ///
  /// @param authorities certificates of those whose word about time the verifier takes
  public static ExportedTimestamps of(LedgerFiles files, Collection<X509Certificate> authorities) {
    var lines = files.read("timestamps").map(ExportedTimestamps::utf8).orElse("").lines().toList();
    var known =
        files
            .read("checkpoints")
            .map(ExportedTimestamps::utf8)
            .orElse("")
            .lines()
            .flatMap(ExportedTimestamps::alone)
            .collect(Collectors.toSet());
    var proved = new ArrayList<String>();
    var notProved = new ArrayList<String>();
    var damages = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      var place = "`timestamps` line " + (i + 1) + ": ";
      switch (word(lines.get(i), known, authorities)) {
        case TimestampWord.Proved(var sentence) -> proved.add(sentence);
        case TimestampWord.NotProved(var sentence) -> notProved.add(sentence);
        case TimestampWord.Damaged(var sentence) -> damages.add(place + sentence);
      }
    }
    return new ExportedTimestamps(last(proved), last(notProved), damages);
  }

  private static TimestampWord word(
      String line, Set<String> known, Collection<X509Certificate> authorities) {
    int space = Math.max(0, line.indexOf(' '));
    try {
      var note = CanonicalBase64.decode(line.substring(0, space));
      var reply = CanonicalBase64.decode(line.substring(space).strip());
      return known.contains(utf8(note))
          ? TimestampWord.of(reply, note, authorities)
          : new TimestampWord.Damaged("it is not about a checkpoint of this export");
    } catch (IllegalArgumentException e) {
      return new TimestampWord.Damaged("it is not base64");
    }
  }

  /// Returns a checkpoint as the log alone has signed it, which is what was stamped; without the
  /// lines that witnesses have added since. One that cannot be read is not here to be judged.
  private static Stream<String> alone(String line) {
    try {
      var note = SignedNote.parse(utf8(CanonicalBase64.decode(line)));
      return Stream.of(
          new SignedNote(note.text(), List.of(note.signatures().getFirst())).toString());
    } catch (IllegalArgumentException e) {
      return Stream.of();
    }
  }

  private static List<String> last(List<String> sentences) {
    return sentences.stream().skip(Math.max(0, sentences.size() - 1)).collect(Collectors.toList());
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
