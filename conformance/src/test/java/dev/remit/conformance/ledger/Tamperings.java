package dev.remit.conformance.ledger;

import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/// Every way in which somebody in between could change a claim, one at a time.
record Tamperings(Random random) {

  /// The one change that not every foreign verifier notices.
  static final String OTHER_PLACE = "another place in the log";

  private static final Base64.Decoder DECODER = Base64.getDecoder();
  private static final Base64.Encoder ENCODER = Base64.getEncoder();

  /// Returns `claim` once for each change that can be made to it.
  List<Claim> of(Claim claim) {
    var all = new ArrayList<Claim>();
    all.add(changed(claim, claim.note(), flipped(claim.entry()), claim.index(), "another entry"));
    all.add(noted(claim, withRoot(claim), "another root"));
    all.add(noted(claim, withSize(claim), "another size"));
    all.add(noted(claim, withSignature(claim), "another signature"));
    all.add(noted(claim, claim.note().replaceFirst("^[^\n]+", "other.test"), "another log's name"));
    all.add(
        new Claim(
            claim.note(),
            claim.entry(),
            claim.index(),
            claim.path(),
            NoteKey.of(claim.key().name(), new KernelLog("other.test", 1).claim(0).key().raw()),
            "another key"));
    all.add(pathed(claim, longer(claim.path()), "a longer path"));
    if (!claim.path().isEmpty()) {
      all.add(pathed(claim, oneChanged(claim.path()), "another hash in the path"));
      all.add(pathed(claim, claim.path().subList(1, claim.path().size()), "a shorter path"));
    }
    if (claim.size() > 1) {
      long other = (claim.index() + 1 + random.nextLong(claim.size() - 1)) % claim.size();
      all.add(changed(claim, claim.note(), claim.entry(), other, OTHER_PLACE));
    }
    return all;
  }

  private static Claim noted(Claim claim, String note, String what) {
    return changed(claim, note, claim.entry(), claim.index(), what);
  }

  private static Claim changed(Claim claim, String note, byte[] entry, long index, String what) {
    return new Claim(note, entry, index, claim.path(), claim.key(), what);
  }

  private static Claim pathed(Claim claim, List<Hash> path, String what) {
    return new Claim(claim.note(), claim.entry(), claim.index(), path, claim.key(), what);
  }

  private String withRoot(Claim claim) {
    var other = ENCODER.encodeToString(flipped(DECODER.decode(claim.root())));
    return claim.note().replace(claim.root(), other);
  }

  /// One entry more, so that every index stays a place in the log.
  private static String withSize(Claim claim) {
    return claim.note().replace("\n" + claim.size() + "\n", "\n" + (claim.size() + 1) + "\n");
  }

  /// Leaves the key id, the first four bytes, as it is.
  private String withSignature(Claim claim) {
    var text = claim.note().substring(claim.note().lastIndexOf(' ') + 1).strip();
    var bytes = DECODER.decode(text);
    bytes[4 + random.nextInt(bytes.length - 4)] ^= (byte) (1 << random.nextInt(8));
    return claim.note().replace(text, ENCODER.encodeToString(bytes));
  }

  private List<Hash> oneChanged(List<Hash> path) {
    var changed = new ArrayList<>(path);
    int at = random.nextInt(path.size());
    changed.set(at, Hash.of(flipped(path.get(at).bytes())));
    return changed;
  }

  private static List<Hash> longer(List<Hash> path) {
    var longer = new ArrayList<>(path);
    longer.add(Hash.EMPTY);
    return longer;
  }

  private byte[] flipped(byte[] bytes) {
    var other = bytes.clone();
    other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
    return other;
  }
}
