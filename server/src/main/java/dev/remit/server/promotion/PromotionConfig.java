package dev.remit.server.promotion;

import dev.remit.kernel.promotion.GateRules;
import java.time.Duration;

/// The local policy of promotions.
///
/// @param required whether what decays demotes; otherwise it is a finding and no more
/// @param lookBack how far back the gate looks at what was done
/// @param answerWithin how long a second person may take to agree
/// @param grace how long after the notice a workflow whose proofs have decayed is demoted
/// @param demotedFor how long it is a pilot then, before it ends
/// @param alertWithin how long an exercise waits for its alert
public record PromotionConfig(
    boolean required,
    GateRules rules,
    Duration lookBack,
    Duration answerWithin,
    Duration grace,
    Duration demotedFor,
    Duration alertWithin) {

  public static final PromotionConfig DEFAULT =
      new PromotionConfig(
          true,
          GateRules.DEFAULT,
          Duration.ofDays(30),
          Duration.ofHours(24),
          Duration.ofHours(72),
          Duration.ofDays(30),
          Duration.ofSeconds(15));
}
