package dev.remit.kernel.ledger;

import static java.util.Comparator.comparingLong;

import dev.remit.kernel.canonical.CanonicalBase64;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Verifies a whole ledger from its files: signature, every entry against the tree, the tree
/// against the signed root and against every older signed root, who signed, numbering, and pairs.
///
/// Reads each file once, in order, a few bundles side by side. Memory does not grow with the
/// entries, but for the ids of decisions.
public final class LedgerAudit {
  private static final int BUNDLES_AT_ONCE = 64;
  private static final int DAMAGES_MAX = 1000;

  private final LedgerFiles files;
  private final LogKeys keys;
  private final List<SignedNote> held;
  private final WitnessCheck witnesses;
  private final SpanCheck spans = new SpanCheck();
  private final List<Damage> damages = new ArrayList<>();
  private final SequenceCheck sequence = new SequenceCheck(damages);
  private final TreeMap<Long, Hash> older = new TreeMap<>();
  private Frontier frontier = Frontier.EMPTY;
  private final List<Damage> unpaired = new ArrayList<>();
  private final PairCheck pairs = new PairCheck(unpaired);
  private boolean departed;
  private long lastProven;
  private long entries;

  private LedgerAudit(
      LedgerFiles files, LogKeys keys, Collection<NoteKey> witnesses, List<SignedNote> held) {
    this.files = files;
    this.keys = KeyChain.follow(files, keys);
    this.witnesses = new WitnessCheck(witnesses);
    this.held = List.copyOf(held);
  }

  /// Verifies the ledger in `files`.
  ///
  /// @param keys the log's public keys, from a source that the verifier trusts
  public static AuditReport of(LedgerFiles files, Collection<NoteKey> keys) {
    return of(files, LogKeys.of(keys), List.of(), List.of());
  }

  /// Verifies the ledger in `files` against everything that the verifier brings along.
  ///
  /// @param keys the log's public keys, from a source that the verifier trusts; keys that followed
  ///   them are found in the log
  /// @param witnesses keys of witnesses that the verifier trusts
  /// @param held checkpoints of the log from earlier, such as those in receipts: a log that was set
  ///   back, or that told somebody else another story, contradicts them
  public static AuditReport of(
      LedgerFiles files, LogKeys keys, Collection<NoteKey> witnesses, List<SignedNote> held) {
    return new LedgerAudit(files, keys, witnesses, held).run();
  }

  private AuditReport run() {
    var checkpoint = files.read("checkpoint").flatMap(note -> signed(utf8(note)));
    if (checkpoint.isEmpty() && damages.isEmpty()) {
      damages.add(new Damage(0, 0, "there is no checkpoint"));
    }
    checkpoint.ifPresent(this::readAll);
    spans.finish(damages);
    damages.addAll(unpaired);
    return new AuditReport(
        checkpoint,
        damages,
        entries,
        older.size(),
        sequence.epochs(),
        sequence.sealed(),
        pairs.pairs(),
        pairs.open().stream().limit(100).toList(),
        pairs.open().size(),
        keys,
        witnesses.result());
  }

  private void readAll(Checkpoint checkpoint) {
    readOlder(checkpoint);
    readHeld(checkpoint);
    long bundles = Tile.count(checkpoint.size(), Tile.ENTRIES);
    for (long next = 0; next < bundles; next += BUNDLES_AT_ONCE) {
      long first = next;
      var window =
          IntStream.range(0, (int) Math.min(BUNDLES_AT_ONCE, bundles - next))
              .parallel()
              .mapToObj(i -> Tile.in(checkpoint.size(), Tile.ENTRIES, first + i))
              .map(bundle -> BundleCheck.check(files, bundle))
              .toList();
      for (var bundle : window) {
        if (!follow(bundle)) {
          return;
        }
      }
    }
    checkRoot(checkpoint.size(), checkpoint.root(), "the last checkpoint");
    checkUpperTiles(checkpoint.size());
  }

  /// Adds a bundle to what is known.
  ///
  /// @return false when the tree cannot be followed any further
  private boolean follow(BundleCheck.Checked bundle) {
    int known = damages.size();
    damages.addAll(bundle.damages());
    number(bundle);
    // The single entry to blame before the range that it was found in.
    damages
        .subList(known, damages.size())
        .sort(comparingLong((Damage damage) -> damage.to() - damage.from()));
    entries += bundle.entries().size();
    if (bundle.leaves().isEmpty() || damages.size() > DAMAGES_MAX) {
      return false;
    }
    grow(bundle);
    return true;
  }

  /// Follows numbers and pairs; where entries could not be read it takes them up again.
  private void number(BundleCheck.Checked bundle) {
    int known = damages.size();
    long due = bundle.bundle().first();
    for (var entry : bundle.entries()) {
      if (entry.index() != due) {
        resume();
      }
      sequence.next(entry);
      spans.next(entry);
      pairs.next(entry);
      due = entry.index() + 1;
    }
    if (due == bundle.bundle().first() + bundle.bundle().width()) {
      return;
    }
    if (bundle.leaves().isEmpty() && damages.size() == known) {
      damages.add(Damage.at(due, "it is missing"));
    }
    resume();
  }

  private void resume() {
    sequence.resume();
    pairs.resume();
  }

  private void grow(BundleCheck.Checked bundle) {
    long end = bundle.bundle().first() + bundle.bundle().width();
    boolean nothingInside = older.subMap(bundle.bundle().first(), false, end, false).isEmpty();
    if (bundle.subtree().isPresent() && nothingInside) {
      frontier = frontier.with(Tile.HEIGHT, bundle.subtree().get());
      checkOlder();
      return;
    }
    for (var leaf : bundle.leaves()) {
      frontier = frontier.with(0, leaf);
      checkOlder();
    }
  }

  private void checkOlder() {
    var root = older.get(frontier.size());
    if (root != null) {
      checkRoot(frontier.size(), root, "the checkpoint of size " + frontier.size());
    }
  }

  private void checkRoot(long size, Hash root, String name) {
    if (frontier.size() != size) {
      return;
    }
    if (frontier.root().equals(root)) {
      lastProven = size;
    } else if (!departed) {
      departed = true;
      damages.add(new Damage(lastProven, size, "together they are not what " + name + " signed"));
    }
  }

  private void checkUpperTiles(long size) {
    for (int level = 1; size >> (Tile.HEIGHT * level) > 0; level++) {
      for (long number = 0; number < Tile.count(size, level); number++) {
        checkUpperTile(Tile.in(size, level, number));
      }
    }
  }

  private void checkUpperTile(Tile tile) {
    long span = 1L << (Tile.HEIGHT * tile.level());
    var bytes = files.read(tile.path());
    if (bytes.isEmpty() || bytes.get().length != tile.width() * Hash.LENGTH) {
      damages.add(
          new Damage(
              tile.first() * span,
              (tile.first() + tile.width()) * span,
              "the tile `" + tile.path() + "` is missing or cut"));
      return;
    }
    for (int i = 0; i < tile.width(); i++) {
      var below = files.read(new Tile(tile.level() - 1, tile.first() + i, Tile.WIDTH_MAX).path());
      if (below.isEmpty() || !Frontiers.root(below.get()).isAt(bytes.get(), i * Hash.LENGTH)) {
        long from = (tile.first() + i) * span;
        damages.add(
            new Damage(
                from, from + span, "the tile `" + tile.path() + "` hashes them differently"));
      }
    }
  }

  /// Reads the older checkpoints, which narrow down where a rewritten tree departs.
  private void readOlder(Checkpoint last) {
    var text = files.read("checkpoints").map(LedgerAudit::utf8).orElse("");
    text.lines()
        .flatMap(line -> signed(utf8(CanonicalBase64.decode(line))).stream())
        .filter(checkpoint -> checkpoint.origin().equals(last.origin()))
        .forEach(this::mustContinue);
    older.remove(0L);
    older.tailMap(last.size(), false).clear();
  }

  /// Reads what the verifier holds, which the log may not know any more.
  private void readHeld(Checkpoint last) {
    for (var note : held) {
      var checkpoint = signed(note.toString());
      checkpoint.filter(one -> one.size() <= last.size()).ifPresent(this::mustContinue);
      checkpoint
          .filter(one -> one.size() > last.size())
          .ifPresent(one ->
              damages.add(
                  new Damage(
                      last.size(),
                      one.size(),
                      "the log has signed for them and does not have them: it was set back")));
    }
  }

  private void mustContinue(Checkpoint checkpoint) {
    var known = older.put(checkpoint.size(), checkpoint.root());
    if (known != null && !known.equals(checkpoint.root())) {
      damages.add(
          new Damage(
              0,
              checkpoint.size(),
              "the log has signed two different trees of size " + checkpoint.size()));
    }
  }

  private Optional<Checkpoint> signed(String text) {
    try {
      var note = SignedNote.parse(text);
      var check = keys.check(note);
      if (check instanceof CheckpointCheck.Proven(var checkpoint, var by)) {
        spans.signed(checkpoint.size(), by);
        witnesses.next(note, checkpoint, damages);
        return Optional.of(checkpoint);
      }
      return unbelievable(check.wrong());
    } catch (IllegalArgumentException e) {
      return unbelievable("a checkpoint cannot be read: " + e.getMessage());
    }
  }

  private Optional<Checkpoint> unbelievable(String what) {
    damages.add(new Damage(0, 0, what));
    return Optional.empty();
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
