package dev.remit.server.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// The bodies of a batch, one array for each column of `ledger_body`.
@SuppressWarnings("ArrayRecordComponent") // Bound to one statement, never compared.
record BodyColumns(long[] indexes, List<SealedBody> bodies) {

  static BodyColumns of(Attempt attempt) {
    var indexes = LongStream.builder();
    var bodies = new ArrayList<SealedBody>();
    long index = attempt.tree().before();
    for (var entry : attempt.entries()) {
      for (var body : entry.bodies()) {
        indexes.add(index);
        bodies.add(body);
      }
      index++;
    }
    return new BodyColumns(indexes.build().toArray(), bodies);
  }

  String[] names() {
    return bodies.stream().map(SealedBody::name).toArray(String[]::new);
  }

  byte[][] ciphertexts() {
    return bodies.stream().map(SealedBody::ciphertext).toArray(byte[][]::new);
  }

  String[] keks() {
    return bodies.stream().map(SealedBody::kek).toArray(String[]::new);
  }

  byte[][] wrapped() {
    return bodies.stream().map(SealedBody::wrapped).toArray(byte[][]::new);
  }
}
