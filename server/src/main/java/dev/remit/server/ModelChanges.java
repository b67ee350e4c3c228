package dev.remit.server;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.changes.Watch;
import dev.remit.server.evaluations.Drift;
import dev.remit.server.evaluations.DriftWatch;
import dev.remit.server.models.Bindings;
import dev.remit.server.models.ModelAnswer;
import dev.remit.server.models.ModelRequest;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.ModelTerms;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Joins the model gateway with who knows of changes and of drift, so that none of them knows
/// another: what was approved decides what is asked, and what answers show may open a change.
final class ModelChanges {
  private final dev.remit.server.registry.Bindings approved;
  private final Watch watch;
  private final DriftWatch drift;
  private final Supplier<Registered> registered;

  ModelChanges(
      dev.remit.server.registry.Bindings approved,
      Watch watch,
      DriftWatch drift,
      Supplier<Registered> registered) {
    this.approved = approved;
    this.watch = watch;
    this.drift = drift;
    this.registered = registered;
    drift.onDrift(
        noticed -> Thread.ofVirtual().name("drift").start(() -> breached(noticed, Instant.now())));
  }

  /// What was approved of the model behind whoever asks, in the words of the model gateway.
  Bindings bindings() {
    return (identity, asked, now) -> {
      var declared = registered.get();
      return declared
          .identity(identity)
          .map(known -> said(approved.of(known, declared, now), known, declared, asked))
          .orElseGet(Bindings.Bound.Approved::new);
    };
  }

  private static Bindings.Bound said(
      Bound bound, Identity identity, Registered declared, ModelRequest asked) {
    return switch (bound) {
      case Bound.Approved() -> new Bindings.Bound.Approved();
      case Bound.Limited(var change, var suspended, var why) ->
          asksUnder(identity.name(), declared, asked)
                  .allMatch(grant -> suspended.contains(grant.name()))
              ? new Bindings.Bound.Refused(
                  change,
                  "model-not-approved",
                  why,
                  "`remit changes show " + change + "` tells what is missing")
              : new Bindings.Bound.Approved();
      case Bound.Suspect(var change, var why) -> new Bindings.Bound.Suspect(change, why);
      case Bound.Refused(var change, var reason, var why, var next) ->
          new Bindings.Bound.Refused(change, reason, why, next);
    };
  }

  /// The grants by which it may ask there; a proposed call is held against those of its tool.
  private static Stream<Grant> asksUnder(
      IdentityName identity, Registered declared, ModelRequest asked) {
    return declared.grants(identity).stream()
        .filter(grant -> grant.resource().equals(asked.resource()));
  }

  /// Hands on what an answer says of who gave it. Does not block.
  void answered(ModelAnswer answer) {
    var declared = registered.get();
    declared
        .identity(answer.identity())
        .ifPresent(identity -> {
          see(identity, "model", answer.named());
          see(identity, "service-tier", answer.serviceTier());
          see(identity, "system-fingerprint", answer.systemFingerprint());
        });
    declared
        .model(answer.request().model())
        .ifPresent(model ->
            drift.observe(
                new DriftWatch.Observed(
                    model.name().value(),
                    model.fingerprint(),
                    answer.named(),
                    answer.systemFingerprint(),
                    answer.serviceTier(),
                    answer.at())));
  }

  private void see(Identity identity, String kind, Optional<String> value) {
    value.ifPresent(text -> watch.seen(new Watch.Seen(identity, kind, text)));
  }

  /// What answers say of themselves [Watch] has seen already; what probes tell, only they do.
  private void breached(Drift noticed, Instant now) {
    if (noticed.sign() != Drift.Sign.PROBES) {
      return;
    }
    for (var identity : registered.get().identities()) {
      if (identity.model().filter(model -> model.value().equals(noticed.about())).isPresent()) {
        var _ =
            watch.breach(
                identity, ModelTerms.Measure.DRIFT, beyond(noticed), "drift", noticed.said(), now);
      }
    }
  }

  /// How far the statistic is beyond its threshold, in ten-thousandths of that; 1 at least.
  private static long beyond(Drift noticed) {
    try {
      double threshold = Double.parseDouble(noticed.expected());
      double share = (Double.parseDouble(noticed.said()) - threshold) / threshold;
      return Math.max(1, Math.round(share * 10_000));
    } catch (NumberFormatException e) {
      return 1;
    }
  }
}
