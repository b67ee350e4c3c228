package dev.remit.server.decisions;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToLongFunction;

/// The figures of deciding, for Prometheus: how many policies are in shadow and how often one would
/// have changed a decision, and what the second opinions came to. Counted since the start.
public record DecisionMeters(PolicyDecisions decisions) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("remit.policies.shadow", decisions, PolicyDecisions::shadows).register(registry);
    FunctionCounter.builder(
            "remit.policies.shadow.changes", decisions, PolicyDecisions::shadowChanges)
        .register(registry);
    opinions(registry, "compared", SecondOpinionFigures::compared);
    opinions(registry, "different", SecondOpinionFigures::different);
    opinions(registry, "incomparable", SecondOpinionFigures::incomparable);
    opinions(registry, "dropped", SecondOpinionFigures::dropped);
  }

  private void opinions(
      MeterRegistry registry, String result, ToLongFunction<SecondOpinionFigures> figure) {
    FunctionCounter.builder(
            "remit.decisions.opinions", decisions, all -> figure.applyAsLong(all.secondOpinions()))
        .tag("result", result)
        .register(registry);
  }
}
