package dev.remit.server.tokens;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Prints what the check of one task token takes on this machine, in microseconds on one thread: of
/// a token that was verified before, and of one whose signature has to be verified.
///
/// Run by hand; figures are in `docs/benchmarks.md`.
final class TokenCheckBench {
  private static final int WARM_UP = 20_000;
  private static final int MEASURED = 20_000;
  private static final URI AUDIENCE = URI.create(TokenWorld.AUDIENCE);

  private TokenCheckBench() {}

  public static void main(String[] args) {
    measure("remembered", 100_000);
    // Three tokens by turns are always strangers to a memory of two.
    measure("verified anew", 2);
    System.exit(0);
  }

  private static void measure(String name, int checkedMax) {
    try (var world = new TokenWorld(config -> remembering(config, checkedMax))) {
      var tokens = IntStream.range(0, 3).mapToObj(_ -> world.token()).toList();
      times(world, tokens, WARM_UP);
      var nanos = times(world, tokens, MEASURED);
      Arrays.sort(nanos);
      System.out.printf(
          Locale.ROOT,
          "token %s: p50 %.1f us, p99 %.1f us%n",
          name,
          nanos[MEASURED / 2] / 1e3,
          nanos[MEASURED * 99 / 100] / 1e3);
    }
  }

  private static long[] times(TokenWorld world, List<String> tokens, int checks) {
    var check = world.first().authorization.tokens();
    var nanos = new long[checks];
    for (int i = 0; i < checks; i++) {
      var token = tokens.get(i % tokens.size());
      long start = System.nanoTime();
      var found = check.check(token, AUDIENCE, world.now());
      nanos[i] = System.nanoTime() - start;
      if (!(found instanceof TokenCheck.Good)) {
        throw new IllegalStateException("a token is not good: " + found);
      }
    }
    return nanos;
  }

  private static TokenConfig remembering(TokenConfig config, int checkedMax) {
    return new TokenConfig(
        config.issuer(),
        config.skew(),
        config.lifetimes(),
        checkedMax,
        config.staleAfter(),
        config.pollEvery(),
        config.operatorLifetime(),
        config.operatorLifetimeMax(),
        config.delegationsMax(),
        config.proofs(),
        config.holders(),
        config.keys(),
        config.statusTtl(),
        config.svids());
  }
}
