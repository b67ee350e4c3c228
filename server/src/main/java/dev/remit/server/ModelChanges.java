package dev.remit.server;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.server.changes.Watch;
import dev.remit.server.evaluations.Drift;
import dev.remit.server.evaluations.DriftWatch;
import dev.remit.server.models.Bindings;
import dev.remit.server.models.ModelAnswer;
import dev.remit.server.models.ModelRequest;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.ModelTerms;
import dev.remit.server.registry.Registered;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Joins the model gateway with who knows of changes and of drift, so that none of them knows
/// another: what was approved decides what is asked, and what requests and answers show may open a
/// change.
final class ModelChanges {
  private static final Logger LOG = LoggerFactory.getLogger(ModelChanges.class);

  private final dev.remit.server.registry.Bindings approved;
  private final Watch watch;
  private final DriftWatch drift;
  private final Supplier<Registered> registered;

  ModelChanges(
      dev.remit.server.registry.Bindings approved,
      Watch watch,
      DriftWatch drift,
      Supplier<Registered> registered,
      InstantSource clock) {
    this.approved = approved;
    this.watch = watch;
    this.drift = drift;
    this.registered = registered;
    drift.accepting(name -> watch.acceptedAt(new ModelName(name)));
    drift.onDrift(noticed ->
        Thread.ofVirtual().name("drift").start(() -> breachedOrWarn(noticed, clock.instant())));
    watch.alsoLook(drift::tellAgain);
  }

  /// What was approved of the model behind whoever asks, in the words of the model gateway.
  Bindings bindings() {
    return (identity, asked, now) -> {
      var declared = registered.get();
      return declared
          .identity(identity)
          .map(known ->
              heldAgainst(
                  said(approved.of(known, declared, now), known, declared, asked),
                  known,
                  declared,
                  asked))
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

  /// What is approved is a prompt and parameters, too: a request with others is answered by
  /// something that nobody has approved, so what comes of it may only read.
  private Bindings.Bound heldAgainst(
      Bindings.Bound bound, Identity identity, Registered declared, ModelRequest asked) {
    return bound instanceof Bindings.Bound.Approved && decides(identity, asked)
        ? contradiction(identity, declared, asked)
            .filter(watch::undeclared)
            .<Bindings.Bound>map(one ->
                new Bindings.Bound.Suspect(
                    "", one.kind() + " is `" + one.value() + "`, which is not declared"))
            .orElse(bound)
        : bound;
  }

  private static boolean decides(Identity identity, ModelRequest asked) {
    return asked.endpoint().generates()
        && identity.model().filter(asked.model()::equals).isPresent();
  }

  private static Optional<Watch.Seen> contradiction(
      Identity identity, Registered declared, ModelRequest asked) {
    boolean promptKnown =
        identity.prompts().isEmpty()
            || asked.systemPrompt().filter(identity.prompts()::contains).isPresent();
    if (!promptKnown) {
      var seen = asked.systemPrompt().map(Digest::value).orElse("none");
      return Optional.of(new Watch.Seen(identity, "system-prompt", seen));
    }
    return declared
        .model(asked.model())
        .flatMap(model -> otherParameter(model, asked))
        .map(name ->
            new Watch.Seen(
                identity, "parameter-" + name, asked.parameters().getOrDefault(name, "")));
  }

  /// The first parameter by name that is asked for otherwise than it is declared.
  private static Optional<String> otherParameter(Model model, ModelRequest asked) {
    return model.parameters().keySet().stream()
        .sorted()
        .filter(asked.parameters()::containsKey)
        .filter(name ->
            !areSame(
                model.parameters().getOrDefault(name, ""),
                asked.parameters().getOrDefault(name, "")))
        .findFirst();
  }

  private static boolean areSame(String one, String other) {
    try {
      return new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
    } catch (NumberFormatException e) {
      return one.equals(other);
    }
  }

  /// Hands on what an answer says of who gave it. Does not block.
  void answered(ModelAnswer answer) {
    var declared = registered.get();
    // Of other models that it may ask, nothing that it does was approved by what they are.
    declared
        .identity(answer.identity())
        .filter(identity -> decides(identity, answer.request()))
        .ifPresent(identity -> {
          see(identity, "model", answer.named());
          see(identity, "service-tier", answer.serviceTier());
          see(identity, "system-fingerprint", answer.systemFingerprint());
        });
    declared
        .model(answer.request().model())
        .filter(_ -> answer.request().endpoint().generates())
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

  /// An alarm stands in the database until it is dealt with, so what fails here is tried again.
  private void breachedOrWarn(Drift noticed, Instant now) {
    try {
      breached(noticed, now);
    } catch (RuntimeException e) {
      LOG.warn("drift of {} could not be acted on yet: {}", noticed.about(), e.getMessage());
    }
  }

  /// What answers say of themselves [Watch] has seen already; what probes tell, only they do.
  private void breached(Drift noticed, Instant now) {
    switch (noticed.sign()) {
      case MODEL_NAMED, SYSTEM_FINGERPRINT, SERVICE_TIER -> {}
      case PROBE_TOKENS ->
          breach(noticed, ModelTerms.Measure.VENDOR_CHANGE, 1, "probe-tokens", now);
      case PROBES -> breach(noticed, ModelTerms.Measure.DRIFT, beyond(noticed), "drift", now);
    }
  }

  private void breach(
      Drift noticed, ModelTerms.Measure measure, long value, String kind, Instant now) {
    for (var identity : watch.decidedBy(new ModelName(noticed.about()))) {
      var _ = watch.breach(identity, measure, value, kind, noticed.said(), now);
    }
  }

  /// How far the statistic is beyond its threshold, in ten-thousandths of that; 1 at least.
  private static long beyond(Drift noticed) {
    double threshold = Double.parseDouble(noticed.expected());
    double share = (Double.parseDouble(noticed.said()) - threshold) / threshold;
    return Math.max(1, Math.round(share * 10_000));
  }
}
