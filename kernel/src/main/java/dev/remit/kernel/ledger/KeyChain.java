package dev.remit.kernel.ledger;

import dev.remit.kernel.canonical.CanonicalBase64;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds out which keys followed those that a verifier trusts.
///
/// A log's new key is recorded in the log, in the last entry that the old key signs for. What the
/// log says about its keys beside that (the file `keys`) is only a hint where to look: a key counts
/// when a checkpoint signed by a trusted one has exactly that entry as its last.
public final class KeyChain {
  private final LedgerFiles files;
  private final long size;
  private LogKeys trusted;

  private KeyChain(LedgerFiles files, LogKeys trusted, long size) {
    this.files = files;
    this.trusted = trusted;
    this.size = size;
  }

  /// Returns `trusted` and the keys that followed, each with the span that the log gives it.
  public static LogKeys follow(LedgerFiles files, LogKeys trusted) {
    try {
      var newest = SignedNote.parse(text(files, "checkpoint"));
      long size = Checkpoint.parse(newest.text()).size();
      return new KeyChain(files, trusted, size).follow(LogKeys.parse(text(files, "keys")));
    } catch (IllegalArgumentException e) {
      // Nothing can be followed; what was given is all there is, and reading on says what is wrong.
      return trusted;
    }
  }

  private LogKeys follow(LogKeys offered) {
    offered.keys().stream()
        .filter(key -> !trusted.noteKeys().contains(key.key()))
        .sorted(Comparator.comparingLong(LogKey::first))
        .filter(this::isIntroduced)
        .forEach(key -> trusted = trusted.followedBy(LogKey.from(key.key(), key.first())));
    return trusted;
  }

  /// Whether the last entry before the key's span says that it follows, under a trusted signature.
  private boolean isIntroduced(LogKey key) {
    long before = key.first() - 1;
    long index = before - 1;
    if (index < 0 || before > size) {
      return false;
    }
    var root = signedRoot(before);
    var entry = entry(index).filter(bytes -> introduces(index, bytes, key.key()));
    var tree = new FileNodes(files, size);
    return root.isPresent()
        && entry.isPresent()
        && tree.complete(0, index).equals(Hash.leaf(entry.get()))
        && Proofs.root(tree, before).equals(root.get());
  }

  private Optional<Hash> signedRoot(long at) {
    for (var note : older()) {
      // The size first: it costs nothing, a signature does.
      if (Checkpoint.parse(note.text()).size() == at
          && trusted.check(note) instanceof CheckpointCheck.Proven(var checkpoint, _)) {
        return Optional.of(checkpoint.root());
      }
    }
    return Optional.empty();
  }

  private static boolean introduces(long index, byte[] bytes, NoteKey key) {
    return RecordedEntry.parse(index, bytes).ledgerKey().filter(key::equals).isPresent();
  }

  private Optional<byte[]> entry(long index) {
    var bundle = Tile.in(size, Tile.ENTRIES, index / Tile.WIDTH_MAX);
    var bytes = files.read(bundle.path()).orElse(new byte[0]);
    int at = 0;
    for (long i = bundle.first(); at + 2 <= bytes.length; i++) {
      int length = ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
      if (i == index) {
        return Optional.of(Arrays.copyOfRange(bytes, at + 2, at + 2 + length));
      }
      at += 2 + length;
    }
    return Optional.empty();
  }

  private List<SignedNote> older() {
    return text(files, "checkpoints")
        .lines()
        .map(line -> new String(CanonicalBase64.decode(line), StandardCharsets.UTF_8))
        .map(SignedNote::parse)
        .toList();
  }

  private static String text(LedgerFiles files, String path) {
    return new String(files.read(path).orElse(new byte[0]), StandardCharsets.UTF_8);
  }
}
