package dev.remit.server.tokens;

import dev.remit.server.store.Database;
import dev.remit.server.tokens.proof.ProofCheck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Lets each proof pass once, whichever node it comes to: requests that wait at the same time share
/// one transaction. What is remembered goes once the proof would be too old anyway.
final class SeenProofs implements AutoCloseable {
  private static final int TOGETHER_MAX = 256;
  private static final int WAITING_MAX = 10_000;

  private final Database database;
  private final ProofStore store = new ProofStore();
  private final Together<ProofCheck.Once, Boolean> together;

  SeenProofs(Database database) {
    this.database = database;
    this.together = new Together<>("seen-proofs", WAITING_MAX, TOGETHER_MAX, this::firstSeen);
  }

  /// Blocks until it is durable that this proof was seen.
  ///
  /// @return whether this is the first time
  /// @throws dev.remit.server.store.DatabaseUnavailable when it is not known to be durable: the
  ///   proof must not pass, and may have been spent
  boolean isFirst(ProofCheck.Once proof) {
    return together.run(proof);
  }

  private List<Boolean> firstSeen(List<ProofCheck.Once> proofs) {
    var distinct = new ArrayList<ProofCheck.Once>();
    var names = new HashSet<String>();
    proofs.stream().filter(one -> names.add(one.proof().value())).forEach(distinct::add);
    var unseen = new HashSet<>(database.transact(tx -> store.spend(tx, distinct)));
    return proofs.stream().map(one -> unseen.remove(one.proof().value())).toList();
  }

  @Override
  public void close() {
    together.close();
  }
}
