package dev.remit.server.gateway;

import dev.remit.server.gateway.Outcome.How;
import dev.remit.server.tokens.TokenCheck;
import dev.remit.server.tokens.Tokens;
import java.time.InstantSource;
import java.util.Optional;

/// The last check before anything is sent: standing once more.
///
/// A suspension between the first check and here found the exchange in the index and cut it, or is
/// seen now; there is no third case. Recording a decision takes milliseconds, a held call minutes.
final class LastLook {
  private final InstantSource clock;
  private final Tokens tokens;
  private final Audience audience;

  LastLook(InstantSource clock, Tokens tokens, Audience audience) {
    this.clock = clock;
    this.tokens = tokens;
    this.audience = audience;
  }

  /// Returns why the decided call is not sent after all.
  Optional<Carried> of(Call call) {
    var found =
        tokens.check(call.agent().token(), audience.of(call.resource().name()), clock.instant());
    if (!(found instanceof TokenCheck.Good)) {
      return Optional.of(
          new Carried.Failed(
              Outcome.without(How.CUT),
              new Refusal.Cut(Wording.of(new Refusal.BadToken(found)).text())));
    }
    return Optional.empty();
  }
}
