package dev.remit.kernel.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// The keys by which a verifier knows a log: each with the sizes that it signs for.
///
/// @param keys in the order in which they were in use; may be of several logs
public record LogKeys(List<LogKey> keys) {

  public LogKeys {
    keys = List.copyOf(keys);
  }

  /// Returns keys of which no span is known: each is believed for every size.
  public static LogKeys of(Collection<NoteKey> keys) {
    return new LogKeys(keys.stream().map(LogKey::always).toList());
  }

  /// Reads one key a line; empty lines do not count.
  ///
  /// @throws IllegalArgumentException if a line is no key
  public static LogKeys parse(String text) {
    return new LogKeys(text.lines().filter(line -> !line.isBlank()).map(LogKey::parse).toList());
  }

  /// Returns the keys as they are served, a line each.
  public String text() {
    return keys.stream().map(key -> key + "\n").collect(Collectors.joining());
  }

  public List<NoteKey> noteKeys() {
    return keys.stream().map(LogKey::key).toList();
  }

  /// Says whether `note` is a checkpoint that one of these keys has signed within its span.
  ///
  /// @throws IllegalArgumentException if its text is not a checkpoint
  public CheckpointCheck check(SignedNote note) {
    var checkpoint = Checkpoint.parse(note.text());
    return switch (note.check(noteKeys())) {
      case NoteCheck.NobodyKnown() -> new CheckpointCheck.UnknownLog(checkpoint.origin());
      case NoteCheck.WrongSignature(var key) -> new CheckpointCheck.WrongSignature(key.name());
      case NoteCheck.Signed(var key) when !key.name().equals(checkpoint.origin()) ->
          new CheckpointCheck.OtherLog(key.name(), checkpoint.origin());
      case NoteCheck.Signed(var key) -> within(key, checkpoint);
    };
  }

  private CheckpointCheck within(NoteKey signer, Checkpoint checkpoint) {
    var known = keys.stream().filter(key -> key.key().equals(signer)).toList();
    return known.stream().anyMatch(key -> key.covers(checkpoint.size()))
        ? new CheckpointCheck.Proven(checkpoint, signer)
        : new CheckpointCheck.OutsideSpan(known.getFirst(), checkpoint.size());
  }

  /// Returns these keys and `next`, which ends the span of the key that was in use before it.
  LogKeys followedBy(LogKey next) {
    var grown = new ArrayList<LogKey>();
    for (var key : keys) {
      boolean ends =
          key.isInUse() && key.key().name().equals(next.key().name()) && key.first() < next.first();
      grown.add(ends ? new LogKey(key.key(), key.first(), next.first() - 1) : key);
    }
    grown.add(next);
    return new LogKeys(grown);
  }
}
