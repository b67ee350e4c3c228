package dev.remit.kernel.evidence;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.CheckpointCheck;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteKey;
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
import tools.jackson.databind.JsonNode;

/// Verifies an evidence bundle: every part against the manifest, every entry against the signed
/// root, what was declared and what was sent against the entries, and what is said about the
/// entries by saying it again.
///
/// Reads each part line by line; what grows with the bundle is a few hashes for each entry.
public final class BundleAudit {
  private final BundleParts bundle;
  private final LogKeys keys;
  private final Collection<X509Certificate> authorities;
  private final List<String> damages = new ArrayList<>();
  private final List<String> proved = new ArrayList<>();
  private final List<Long> places = new ArrayList<>();
  private final List<Hash> leaves = new ArrayList<>();
  private final DeclaredCheck declared = new DeclaredCheck();
  private final BodyCheck bodies = new BodyCheck();
  private final PartReader parts;

  private BundleAudit(BundleParts bundle, LogKeys keys, Collection<X509Certificate> authorities) {
    this.bundle = bundle;
    this.keys = keys;
    this.authorities = List.copyOf(authorities);
    this.parts = new PartReader(bundle, damages);
  }

  /// Verifies `bundle`.
  ///
  /// @param keys the log's public keys, from a source that the verifier trusts
  public static BundleReport of(BundleParts bundle, Collection<NoteKey> keys) {
    return of(bundle, LogKeys.of(keys), List.of());
  }

  /// Verifies `bundle` with keys of which it is known for which sizes each signs, and its timestamp
  /// if it has one.
  ///
  /// @param authorities certificates of those whose word about time the verifier takes
  public static BundleReport of(
      BundleParts bundle, LogKeys keys, Collection<X509Certificate> authorities) {
    return new BundleAudit(bundle, keys, authorities).run();
  }

  private BundleReport run() {
    try {
      return run(Manifest.read(bundle));
    } catch (IllegalArgumentException e) {
      damages.add("the part `" + BundleParts.MANIFEST + "` cannot be read: " + e.getMessage());
      return new BundleReport(
          Optional.empty(), Optional.empty(), 0, 0, 0, List.of(), damages, List.of());
    }
  }

  private BundleReport run(Manifest manifest) {
    var answer = new Answer(manifest.scope());
    var completeness = new Completeness(manifest.scope());

    manifest.check(bundle, damages);
    var checkpoint = checkpoint(manifest);
    var stamped = stamped();
    parts.lines(BundleParts.DECLARED, line -> declare(Snapshot.of(line), answer));
    readEntries(manifest, answer, completeness);
    checkpoint.ifPresent(this::prove);
    declared.compare(damages, proved);
    parts.lines(BundleParts.BODIES, line -> bodies.add(OpenedBody.of(line)));
    parts.lines(BundleParts.REDACTIONS, line -> bodies.add(Redaction.of(line)));
    bodies.compare(damages, proved);
    checkpoint.ifPresent(signed -> sayAgain(signed, answer, completeness));

    return report(manifest, checkpoint, completeness, stamped);
  }

  /// Returns what is left open about the bundle's timestamp, a sentence or none.
  private List<String> stamped() {
    if (!bundle.names().contains(BundleParts.TIMESTAMP)) {
      return List.of();
    }
    var note = parts.text(BundleParts.CHECKPOINT).getBytes(StandardCharsets.UTF_8);
    try (var in = bundle.open(BundleParts.TIMESTAMP).orElseThrow()) {
      return switch (TimestampWord.of(in.readNBytes(Timestamp.BYTES_MAX + 1), note, authorities)) {
        case TimestampWord.Proved(var sentence) -> {
          proved.add(sentence);
          yield List.of();
        }
        case TimestampWord.NotProved(var sentence) -> List.of(sentence);
        case TimestampWord.Damaged(var sentence) -> {
          damages.add(sentence);
          yield List.of();
        }
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read `" + BundleParts.TIMESTAMP + "`", e);
    }
  }

  private void declare(Snapshot snapshot, Answer answer) {
    declared.add(snapshot);
    answer.add(snapshot);
  }

  private Optional<Checkpoint> checkpoint(Manifest manifest) {
    try {
      var note = SignedNote.parse(parts.text(BundleParts.CHECKPOINT));
      var checkpoint = Checkpoint.parse(note.text());
      if (!manifest.names(checkpoint)) {
        damages.add("the checkpoint is not the one that the manifest names");
      }
      var check = keys.check(note);
      if (check instanceof CheckpointCheck.Proven(_, var key)) {
        proved.add("the checkpoint is signed by " + key);
        return Optional.of(checkpoint);
      }
      return unbelievable(check.wrong());
    } catch (IllegalArgumentException e) {
      return unbelievable("the checkpoint cannot be read: " + e.getMessage());
    }
  }

  private Optional<Checkpoint> unbelievable(String what) {
    damages.add(what);
    return Optional.empty();
  }

  private void readEntries(Manifest manifest, Answer answer, Completeness completeness) {
    var selection = new Selection(manifest.scope());
    parts.lines(
        BundleParts.ENTRIES,
        line -> {
          var entry = entry(line);
          if (!selection.takes(entry)) {
            damages.add("entry " + entry.index() + " is not about what the manifest names");
          }
          declared.add(entry);
          bodies.add(entry);
          completeness.add(entry);
          answer.add(entry);
        });
    if (places.size() != manifest.entries()) {
      damages.add("the manifest counts " + manifest.entries() + " entries, not " + places.size());
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
      damages.add("entry " + index + " does not have the hash that stands beside it");
    }
    try {
      return RecordedEntry.parse(index, bytes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("entry " + index + " " + e.getMessage(), e);
    }
  }

  private void prove(Checkpoint checkpoint) {
    try {
      var proof = parts.text(BundleParts.PROOF).lines().map(Hash::ofBase64).toList();
      var at = places.stream().mapToLong(Long::longValue).toArray();
      var root = SubsetProof.root(checkpoint.size(), at, leaves, proof);
      if (root.filter(checkpoint.root()::equals).isEmpty()) {
        damages.add("the entries and the proof do not lead to the root that was signed");
      } else {
        proved.add(
            "%,d entries are in the log of %,d that was signed"
                .formatted(places.size(), checkpoint.size()));
      }
    } catch (IllegalArgumentException e) {
      damages.add("the proof cannot be followed: " + e.getMessage());
    }
  }

  private void sayAgain(Checkpoint checkpoint, Answer answer, Completeness completeness) {
    if (!parts.text(BundleParts.COMPLETENESS).equals(completeness.text())) {
      damages.add("`" + BundleParts.COMPLETENESS + "` is not what the entries say");
    }
    if (!parts.text(BundleParts.ANSWER).equals(answer.text(checkpoint, completeness))) {
      damages.add("`" + BundleParts.ANSWER + "` is not what the entries say");
    }
    proved.add("`" + BundleParts.ANSWER + "` says what the entries say");
  }

  private BundleReport report(
      Manifest manifest,
      Optional<Checkpoint> checkpoint,
      Completeness completeness,
      List<String> stamped) {
    var notProved = new ArrayList<String>();
    notProved.addAll(stamped);
    bodies.untold(notProved);
    notProved.add(
        "that no entry was left out (export the whole log for that), anything newer than the"
            + " checkpoint, and calls that never passed through Remit");
    return new BundleReport(
        Optional.of(manifest.scope()),
        checkpoint,
        places.size(),
        completeness.figure(),
        completeness.gaps().size(),
        damages.isEmpty() ? proved : List.of(),
        damages,
        notProved);
  }
}
