package dev.remit.server.tokens;

import dev.remit.server.store.Tx;
import dev.remit.server.tokens.proof.ProofCheck;
import java.util.HexFormat;
import java.util.List;

/// Single-use proofs that were used: table `proof_seen`, shared by every node.
final class ProofStore {

  /// Marks proofs as used and returns those that were not before. None is given twice.
  List<String> spend(Tx tx, List<ProofCheck.Once> proofs) {
    // In one order everywhere, so that two nodes with the same proofs cannot wait for each other.
    var sorted = proofs.stream().sorted((a, b) -> a.proof().compareTo(b.proof())).toList();
    return tx.all(
        """
        INSERT INTO proof_seen (proof, expires_at)
        SELECT proof, to_timestamp(expires_ms / 1000.0)
          FROM unnest(?::bytea[], ?::bigint[]) AS t (proof, expires_ms)
        ON CONFLICT DO NOTHING
        RETURNING proof
        """,
        row -> "sha256:" + HexFormat.of().formatHex(row.bytes("proof")),
        sorted.stream().map(once -> once.proof().bytes()).toArray(byte[][]::new),
        sorted.stream().mapToLong(once -> once.expiresAt().toEpochMilli()).toArray());
  }
}
