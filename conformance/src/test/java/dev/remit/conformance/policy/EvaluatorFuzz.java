package dev.remit.conformance.policy;

import java.util.Random;

/// What a fuzzer runs against the evaluator: its bytes choose policies and requests, and both
/// engines must answer alike. `build/fuzz evaluator SECONDS` runs it under Jazzer.
public final class EvaluatorFuzz {
  private static final int REQUESTS = 4;

  private EvaluatorFuzz() {}

  /// Called by Jazzer, by this name.
  public static void fuzzerTestOneInput(byte[] data) {
    var random = new RandomPolicies(new Bytes(data));
    var engines = new Engines(random.policies());
    for (int i = 0; i < REQUESTS; i++) {
      var context = random.context();
      var asked = random.request(context);
      var ours = engines.ours(asked);
      var theirs = engines.theirs(asked, context);
      if (!ours.equals(theirs)) {
        throw new IllegalStateException(asked + ": " + ours + " but cedar says " + theirs);
      }
    }
  }

  /// Random numbers that are the input's bytes, and zeros when they are used up: the generator then
  /// takes its first and shortest choices.
  private static final class Bytes extends Random {
    private static final long serialVersionUID = 1L;

    private final byte[] data;
    private int at;

    Bytes(byte[] data) {
      super(0);
      this.data = data.clone();
    }

    @Override
    public int nextInt(int bound) {
      return at < data.length ? (data[at++] & 255) % bound : 0;
    }

    @Override
    public boolean nextBoolean() {
      return nextInt(2) == 1;
    }
  }
}
