package dev.remit.kernel.ledger;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a log asks of a witness: to cosign a checkpoint, with the proof that it continues the one
/// that the witness cosigned last.
///
/// @param old size of that one; 0 when there is none
/// @param proof from `old` to the checkpoint, at most 63 hashes
///
///   Errors: text of another form is an [IllegalArgumentException].
///
///   Source: C2SP tlog-witness, "add-checkpoint".
public record AddCheckpoint(long old, List<Hash> proof, SignedNote note) {
  private static final Pattern OLD = Pattern.compile("old (0|[1-9][0-9]{0,17})");
  private static final int PROOF_MAX = 63;

  public AddCheckpoint {
    proof = List.copyOf(proof);
    if (proof.size() > PROOF_MAX) {
      throw new IllegalArgumentException("a proof has at most " + PROOF_MAX + " hashes");
    }
  }

  public static AddCheckpoint parse(String text) {
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw new IllegalArgumentException("an empty line is due between the proof and the note");
    }
    var lines = text.substring(0, blank).split("\n", -1);
    var old = OLD.matcher(lines[0]);
    if (!old.matches()) {
      throw new IllegalArgumentException("the first line is not `old SIZE`");
    }
    return new AddCheckpoint(
        Long.parseLong(old.group(1)),
        List.of(lines).stream().skip(1).map(Hash::ofBase64).toList(),
        SignedNote.parse(text.substring(blank + 2)));
  }

  /// Returns the request as it is sent.
  public String text() {
    return proof.stream()
        .map(hash -> hash.base64() + "\n")
        .collect(Collectors.joining("", "old " + old + "\n", "\n" + note));
  }

  /// Judges it. The caller keeps `latest` from changing until it has remembered the answer.
  ///
  /// @param latest the last checkpoint of this log that was cosigned
  /// @param logs the keys of the logs that are witnessed
  public WitnessAnswer judge(Optional<Checkpoint> latest, LogKeys logs) {
    var checkpoint = Checkpoint.parse(note.text());
    if (logs.noteKeys().stream().noneMatch(key -> key.name().equals(checkpoint.origin()))) {
      return new WitnessAnswer.UnknownLog(checkpoint.origin());
    }
    var check = logs.check(note);
    if (!(check instanceof CheckpointCheck.Proven)) {
      return new WitnessAnswer.NotSigned(check.wrong());
    }
    if (old > checkpoint.size()) {
      return new WitnessAnswer.Malformed(
          "a checkpoint of " + checkpoint.size() + " entries does not continue one of " + old);
    }
    long seen = latest.map(Checkpoint::size).orElse(0L);
    if (old != seen) {
      return new WitnessAnswer.Conflict(seen);
    }
    return continuing(latest.map(Checkpoint::root).orElse(Hash.EMPTY), checkpoint);
  }

  private WitnessAnswer continuing(Hash seen, Checkpoint checkpoint) {
    if (checkpoint.size() == 0 && !checkpoint.root().equals(Hash.EMPTY)) {
      return new WitnessAnswer.Inconsistent("a log without entries has the root of nothing");
    }
    return Proofs.continues(seen, old, checkpoint.root(), checkpoint.size(), proof)
        ? new WitnessAnswer.Agreed(checkpoint)
        : new WitnessAnswer.Inconsistent(
            "the tree of "
                + checkpoint.size()
                + " entries is not shown to continue the one of "
                + old
                + " that was cosigned");
  }
}
