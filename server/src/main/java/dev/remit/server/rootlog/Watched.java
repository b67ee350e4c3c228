package dev.remit.server.rootlog;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.LogLook.Known;
import dev.remit.server.ledger.LogLook.Shown;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One log as its watcher remembers it, from round to round. Used by one thread.
final class Watched {
  private Optional<Known> known;
  private Instant moved;
  private boolean sealed;
  private String trouble = "";

  private Watched(Optional<Known> known, Instant moved, boolean sealed) {
    this.known = known;
    this.moved = moved;
    this.sealed = sealed;
  }

  /// A log that nobody has seen before.
  static Watched anew(Instant now) {
    return new Watched(Optional.empty(), now, false);
  }

  /// A log of which the root log tells. How long it has stood still is counted from now on: while
  /// nobody kept the root log, nobody looked.
  ///
  /// @throws IllegalArgumentException if `seen` does not tell enough
  static Watched after(RecordedEntry seen, Instant now) {
    var known =
        new Known(
            seen.number("size"),
            Hash.ofBase64(seen.text("root").orElse("")),
            NoteKey.parse(seen.text("key").orElse("")));
    var last = seen.text("last").orElse("");
    return new Watched(Optional.of(known), now, last.equals(EntryType.SEAL.word()));
  }

  Optional<Known> known() {
    return known;
  }

  /// Whether it has entries that were not seen yet.
  boolean isNews(Shown.Continues shown) {
    return known.isEmpty() || known.get().size() < shown.checkpoint().size();
  }

  void saw(Shown.Continues shown, Instant now) {
    var checkpoint = shown.checkpoint();
    known = Optional.of(new Known(checkpoint.size(), checkpoint.root(), shown.key()));
    moved = now;
    sealed = shown.last().type() == EntryType.SEAL;
    trouble = "";
  }

  /// Whether it has stood still for longer than `limit`, and nobody had said that it would.
  boolean isSilent(Instant now, Duration limit) {
    return !sealed && known.isPresent() && now.isAfter(moved.plus(limit));
  }

  Instant moved() {
    return moved;
  }

  /// What is wrong with it, as far as somebody was told; empty when nothing is.
  String trouble() {
    return trouble;
  }

  void troubled(String kind) {
    trouble = kind;
  }
}
