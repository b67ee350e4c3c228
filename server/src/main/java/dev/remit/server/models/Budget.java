package dev.remit.server.models;

import java.time.Instant;

/// What a question can come to, and what is set aside for it.
final class Budget {
  /// Tokens that a picture or a file which is only pointed to is taken to be.
  private static final long REFERENCE_TOKENS = 8_192;

  /// Bytes of a request to a token, on the low side of what tokenisers reach.
  private static final long BYTES_PER_TOKEN = 3;

  /// More than any model writes; keeps sums within a long.
  private static final long OUTPUT_MAX = 1_000_000_000;

  private final Spending spending;
  private final long outputTokensMax;

  Budget(Spending spending, long outputTokensMax) {
    this.spending = spending;
    this.outputTokensMax = outputTokensMax;
  }

  Spending.Found reserve(Asked asked, Instant now) {
    var request = asked.request();
    return spending.reserve(
        asked.claims(),
        asked.grants(),
        asked.model().price(),
        input(asked),
        request.endpoint().generates() ? output(asked) : 0,
        request.choices(),
        request.outputMax().isPresent(),
        now);
  }

  /// Counting tokens costs none.
  private static long input(Asked asked) {
    var request = asked.request();
    if (request.endpoint() == Endpoint.COUNT_TOKENS) {
      return 0;
    }
    long most =
        Math.ceilDiv(request.bytes(), BYTES_PER_TOKEN) + request.references() * REFERENCE_TOKENS;
    return Math.min(most, asked.model().contextWindow().orElse(Long.MAX_VALUE));
  }

  private long output(Asked asked) {
    long said = Math.min(asked.request().outputMax().orElse(OUTPUT_MAX), OUTPUT_MAX);
    return Math.min(
        said,
        asked
            .model()
            .outputMax()
            .orElse(asked.request().outputMax().isPresent() ? said : outputTokensMax));
  }

  void settle(Spending.Reservation reserved, long tokens, long costMicros, Instant now) {
    spending.settle(reserved, tokens, costMicros, now);
  }

  void release(Spending.Reservation reserved, Instant now) {
    spending.release(reserved, now);
  }
}
