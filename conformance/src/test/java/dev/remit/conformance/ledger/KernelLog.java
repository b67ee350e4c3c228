package dev.remit.conformance.ledger;

import dev.remit.kernel.ledger.Batch;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.NoteSignature;
import dev.remit.kernel.ledger.Producer;
import dev.remit.kernel.ledger.Receipt;
import dev.remit.kernel.ledger.SignedNote;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log of any size in memory, made of what the kernel makes logs of: canonical entries, a batch's
/// tree, a signed checkpoint.
final class KernelLog {
  private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");

  private final List<byte[]> entries = new ArrayList<>();
  private final NoteKey key;
  private final Batch tree;
  private final SignedNote note;

  KernelLog(String origin, int size) {
    var producer = new Producer("node-1", 1);
    for (int n = 1; n <= size; n++) {
      var entry = Entry.of(EntryType.CALL_REFUSED, TEN.plusSeconds(n)).with("reason", "trial");
      entries.add(entry.by(producer, JsonNodeFactory.instance.objectNode()).numbered(n));
    }
    this.tree = Batch.of(Frontier.EMPTY, entries.stream().map(Hash::leaf).toList());
    try {
      var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      var spki = pair.getPublic().getEncoded();
      this.key = NoteKey.of(origin, Arrays.copyOfRange(spki, spki.length - 32, spki.length));
      this.note = sign(new Checkpoint(origin, size, tree.root()), pair);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has Ed25519", e);
    }
  }

  private SignedNote sign(Checkpoint checkpoint, KeyPair pair) throws GeneralSecurityException {
    var signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(checkpoint.text().getBytes(StandardCharsets.UTF_8));
    return new SignedNote(
        checkpoint.text(),
        List.of(new NoteSignature(checkpoint.origin(), key.id(), signature.sign())));
  }

  Claim claim(int index) {
    var receipt = new Receipt(index, tree.leaf(index), tree.path(index), note);
    return Claim.of(receipt, entries.get(index), key);
  }
}
