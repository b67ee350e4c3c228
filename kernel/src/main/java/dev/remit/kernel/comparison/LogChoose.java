package dev.remit.kernel.comparison;

/// Probabilities of counts of discordant pairs: the trinomial distribution.
final class LogChoose {
  private final int pairs;
  private final double[] logFactorial;

  LogChoose(int pairs) {
    this.pairs = pairs;
    this.logFactorial = new double[pairs + 1];
    for (int i = 2; i <= pairs; i++) {
      logFactorial[i] = logFactorial[i - 1] + Math.log(i);
    }
  }

  /// How likely exactly these counts are, when each pair is lost and gained with these shares.
  double probability(int lost, double lostShare, int gained, double gainedShare) {
    int rest = pairs - lost - gained;
    return Math.exp(
        logFactorial[pairs]
            - logFactorial[lost]
            - logFactorial[gained]
            - logFactorial[rest]
            + power(lost, lostShare)
            + power(gained, gainedShare)
            + power(rest, Math.max(0, 1 - lostShare - gainedShare)));
  }

  private static double power(int count, double share) {
    return count == 0 ? 0 : count * Math.log(share);
  }
}
