package dev.remit.server.risk;

import dev.remit.server.registry.Registered;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The risks of what is declared now, weighed once for each version of the registry: asking costs a
/// look at memory. A grant that expires meanwhile counts until the registry changes, which errs
/// towards more risk.
public final class CurrentRisks {
  private final Supplier<Registered> registered;
  private final RiskRules rules;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

  private record Known(Registered of, Risks risks) {}

  public CurrentRisks(Supplier<Registered> registered, RiskRules rules, InstantSource clock) {
    this.registered = registered;
    this.rules = rules;
    this.clock = clock;
  }

  public Risks now() {
    var current = registered.get();
    var last = known.get();
    if (last != null && last.of() == current) {
      return last.risks();
    }
    var weighed = Risks.of(current, rules, clock.instant());
    known.set(new Known(current, weighed));
    return weighed;
  }
}
