package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.CheckpointCheck;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.kernel.ledger.SignedNote;
import dev.remit.kernel.ledger.SubsetProof;
import dev.remit.kernel.timestamp.Timestamp;
import dev.remit.kernel.timestamp.TimestampWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// What a bundle holds of one log, and what is wrong with that: its checkpoint, its entries, their
/// proof, and their bodies.
final class LogPart {
  private final Manifest.Listed listed;
  private final BundleParts bundle;
  private final PartReader parts;
  private final List<String> damages;
  private final List<String> proved;
  private final BodyCheck bodies = new BodyCheck();
  private final List<Long> places = new ArrayList<>();
  private final List<Hash> leaves = new ArrayList<>();
  private Optional<Checkpoint> checkpoint = Optional.empty();

  LogPart(Manifest.Listed listed, BundleParts bundle, List<String> damages, List<String> proved) {
    this.listed = listed;
    this.bundle = bundle;
    this.parts = new PartReader(bundle, damages);
    this.damages = damages;
    this.proved = proved;
  }

  Manifest.Listed listed() {
    return listed;
  }

  /// The signed claim behind it; empty when there was none to believe.
  Optional<Checkpoint> checkpoint() {
    return checkpoint;
  }

  long entries() {
    return places.size();
  }

  /// The indexes of its entries, in order.
  List<Long> places() {
    return places;
  }

  /// The bytes of its checkpoint, as they are here.
  String note() {
    return parts.text(part(BundleParts.CHECKPOINT));
  }

  private String part(String name) {
    return listed.prefix() + name;
  }

  /// Names the log in a sentence, where there is more than one.
  private String said(String sentence) {
    return listed.name().isEmpty() ? sentence : "`" + listed.name() + "`: " + sentence;
  }

  private void damaged(String what) {
    damages.add(said(what));
  }

  void readCheckpoint(LogKeys keys) {
    try {
      var note = SignedNote.parse(note());
      var claimed = Checkpoint.parse(note.text());
      if (!listed.names(claimed)) {
        damaged("the checkpoint is not the one that the manifest names");
      }
      var check = keys.check(note);
      if (check instanceof CheckpointCheck.Proven(_, var key)) {
        proved.add(said("the checkpoint is signed by " + key));
        checkpoint = Optional.of(claimed);
      } else {
        damaged(check.wrong());
      }
    } catch (IllegalArgumentException e) {
      damaged("the checkpoint cannot be read: " + e.getMessage());
    }
  }

  /// Compares its timestamp, if it has one.
  void readTimestamp(Collection<X509Certificate> authorities, List<String> notProved) {
    var name = part(BundleParts.TIMESTAMP);
    if (!bundle.names().contains(name)) {
      return;
    }
    var note = note().getBytes(StandardCharsets.UTF_8);
    try (var in = bundle.open(name).orElseThrow()) {
      switch (TimestampWord.of(in.readNBytes(Timestamp.BYTES_MAX + 1), note, authorities)) {
        case TimestampWord.Proved(var sentence) -> proved.add(said(sentence));
        case TimestampWord.NotProved(var sentence) -> notProved.add(said(sentence));
        case TimestampWord.Damaged(var sentence) -> damaged(sentence);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read `" + name + "`", e);
    }
  }

  /// Hands over every entry that can be read, in order.
  void readEntries(Consumer<RecordedEntry> each) {
    parts.lines(
        part(BundleParts.ENTRIES),
        line -> {
          var entry = entry(line);
          bodies.add(entry);
          each.accept(entry);
        });
  }

  /// Says of an entry that it is not about what the bundle is about.
  void doesNotBelong(RecordedEntry entry) {
    damaged("entry " + entry.index() + " is not about what the manifest names");
  }

  void countEntries() {
    if (places.size() != listed.entries()) {
      damaged("the manifest counts " + listed.entries() + " entries, not " + places.size());
    }
  }

  private RecordedEntry entry(JsonNode line) {
    long index = line.path("index").asLong(-1);
    if (index <= (places.isEmpty() ? -1 : places.getLast())) {
      throw new IllegalArgumentException("entry " + index + " is out of order");
    }
    places.add(index);
    leaves.add(Hash.ofBase64(line.path("leaf").asString("")));
    var bytes = CanonicalJson.bytes(line.path("entry"));
    if (!Hash.leaf(bytes).equals(leaves.getLast())) {
      damaged("entry " + index + " does not have the hash that stands beside it");
    }
    try {
      return RecordedEntry.parse(index, bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("entry " + index + " " + e.getMessage(), e);
    }
  }

  /// Follows the proof from the entries to the root that was signed.
  void prove() {
    checkpoint.ifPresent(this::prove);
  }

  private void prove(Checkpoint signed) {
    try {
      var lines = parts.text(part(BundleParts.PROOF)).lines();
      var proof = lines.map(Hash::ofBase64).toList();
      var at = places.stream().mapToLong(Long::longValue).toArray();
      var root = SubsetProof.root(signed.size(), at, leaves, proof);
      if (root.filter(signed.root()::equals).isEmpty()) {
        damaged("the entries and the proof do not lead to the root that was signed");
      } else {
        proved.add(
            said(
                "%,d entries are in the log of %,d that was signed"
                    .formatted(places.size(), signed.size())));
      }
    } catch (IllegalArgumentException e) {
      damaged("the proof cannot be followed: " + e.getMessage());
    }
  }

  void readBodies() {
    parts.lines(part(BundleParts.BODIES), line -> bodies.add(OpenedBody.of(line)));
    parts.lines(part(BundleParts.REDACTIONS), line -> bodies.add(Redaction.of(line)));
    var wrong = new ArrayList<String>();
    var right = new ArrayList<String>();
    bodies.compare(wrong, right);
    wrong.forEach(this::damaged);
    right.forEach(sentence -> proved.add(said(sentence)));
  }

  void untold(List<String> notProved) {
    var sentences = new ArrayList<String>();
    bodies.untold(sentences);
    sentences.forEach(sentence -> notProved.add(said(sentence)));
  }
}
