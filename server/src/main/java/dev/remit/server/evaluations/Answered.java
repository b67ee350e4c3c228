package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.evaluations.Judging.Harm;
import dev.remit.server.evaluations.Judging.Outcome;
import java.time.Instant;

/// One trial as it is stored.
///
/// @param content what was said, as canonical JSON
/// @param microcents millionths of a cent
record Answered(
    Trial trial,
    Outcome outcome,
    Harm harm,
    String content,
    long tokens,
    long microcents,
    long millis,
    Instant at) {

  Digest digest() {
    return Digest.of(content);
  }
}
