package dev.remit.cli.witness;

import dev.remit.kernel.ledger.AddCheckpoint;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.NoteSignature;
import dev.remit.kernel.ledger.Proofs;
import dev.remit.kernel.ledger.SignedNote;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A log of numbered leaves, in as many versions as a test wants: two with the same `story` are one
/// log, two with different ones contradict each other from the first leaf on.
record SmallLog(KeyPair pair, String origin) {

  static SmallLog of(String origin) {
    try {
      return new SmallLog(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), origin);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  NoteKey key() {
    byte[] spki = pair.getPublic().getEncoded();
    return NoteKey.of(origin, Arrays.copyOfRange(spki, spki.length - 32, spki.length));
  }

  /// The request that a log of `size` leaves makes after one of `old`.
  String request(String story, int old, int size) {
    var proof = Proofs.consistency((level, at) -> hash(story, at << level, 1 << level), old, size);
    return new AddCheckpoint(old, proof, note(story, size)).text();
  }

  SignedNote note(String story, int size) {
    var checkpoint = new Checkpoint(origin, size, hash(story, 0, size));
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(pair.getPrivate());
      signer.update(checkpoint.text().getBytes(StandardCharsets.UTF_8));
      var line = new NoteSignature(origin, key().id(), signer.sign());
      return new SignedNote(checkpoint.text(), List.of(line));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Hash hash(String story, long from, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Hash.leaf((story + (from + i)).getBytes(StandardCharsets.UTF_8)))
        .reduce(Frontier.EMPTY, (edge, leaf) -> edge.with(0, leaf), (_, later) -> later)
        .root();
  }
}
