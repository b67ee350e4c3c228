package dev.remit.server.changes;

import dev.remit.kernel.change.Part;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import dev.remit.server.registry.Workflow;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.risk.Risks;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// How a change is approved by somebody else than who declared it, or declined, and what follows
/// from it. What was shown of it is looked at again at that moment ([Evaluating]).
final class Approving {
  private final ChangesConfig config;
  private final RiskRules risk;
  private final Evaluating evaluating;
  private final ChangeStore store;
  private final Moves moves;

  Approving(
      ChangesConfig config, RiskRules risk, Evaluating evaluating, ChangeStore store, Moves moves) {
    this.config = config;
    this.risk = risk;
    this.evaluating = evaluating;
    this.store = store;
    this.moves = moves;
  }

  /// @param one what a person says
  Changes.Answered answered(
      Recording recording,
      Change asked,
      Said one,
      Evaluating.Shown shown,
      Registered registered,
      Instant now) {
    if (!TwoPeople.are(one.by(), asked.requestedBy(), registered)) {
      return new Changes.Answered.OwnChange(one.by());
    }
    if (!one.agrees()) {
      return declined(recording, asked, one, now);
    }
    if (asked.state() != State.CLASSIFIED && asked.state() != State.EVALUATED) {
      return new Changes.Answered.NotYet(asked, List.of());
    }
    if (shown.altered().isPresent()) {
      return new Changes.Answered.Altered(shown.altered().get());
    }
    evaluating.look(recording, asked, shown, now);
    var change = store.find(recording.tx(), asked.id()).orElseThrow();
    var missing = evaluating.missing(recording.tx(), change);
    if (!missing.isEmpty() || change.state() != State.EVALUATED) {
      return new Changes.Answered.NotYet(change, missing);
    }
    var lacking = Containment.lacking(change, registered, now);
    if (lacking.isPresent()) {
      return lacking.get();
    }
    agreed(recording, change, one.by(), one.reason(), registered, now);
    return done(recording, change);
  }

  /// Takes note of what evaluations show. One of the fast path is approved by that.
  ///
  /// @return the suites that had passed and fail now
  List<Evaluation> look(
      Recording recording,
      Change asked,
      Evaluating.Shown shown,
      Registered registered,
      Instant now) {
    var worse = evaluating.look(recording, asked, shown, now);
    var change = store.find(recording.tx(), asked.id()).orElseThrow();
    if (change.state() == State.EVALUATED
        && change.kind().filter(Verdict.FAST::equals).isPresent()
        && evaluating.missing(recording.tx(), change).isEmpty()) {
      agreed(
          recording,
          change,
          Moves.REMIT,
          "nothing but the backend differs, and the probes answer as before",
          registered,
          now);
    }
    return worse;
  }

  /// What a person says of a change.
  record Said(PersonName by, boolean agrees, String reason) {}

  private Changes.Answered declined(Recording recording, Change change, Said one, Instant now) {
    if (change.state() != State.EVALUATED && change.state() != State.CLASSIFIED) {
      return new Changes.Answered.NotYet(change, List.of());
    }
    moves.to(
        recording,
        change,
        change.state(),
        State.SUSPENDED,
        one.by(),
        "declined: " + one.reason(),
        now);
    return done(recording, change);
  }

  private Changes.Answered done(Recording recording, Change change) {
    recording.tx().notify(ChangeStore.CHANNEL, "");
    return new Changes.Answered.Done(store.find(recording.tx(), change.id()).orElseThrow());
  }

  /// The approval itself, and what follows from it: in use, watched first where it is production.
  void agreed(
      Recording recording,
      Change change,
      PersonName by,
      String reason,
      Registered registered,
      Instant now) {
    var until = until(change, registered, now);
    moves.approved(recording, change, by, reason, until, config.approvalWithin(), now);
    boolean watched = !by.equals(Moves.REMIT) && !config.canary().isZero();
    var next = watched ? State.CANARY : State.ACTIVE;
    moves.to(recording, change, State.APPROVED, next, by, reason, now);
    // What was accepted is what answers are held against from now on, not whatever comes first.
    var seen = change.fingerprint().parts().get(Part.OBSERVED);
    if (seen != null) {
      seen.propertyStream()
          .forEach(one ->
              store.seen(
                  recording.tx(), change.id(), one.getKey(), one.getValue().asString(""), now));
    }
    // What was seen replaces what is declared alike, and nothing else.
    store.alive(recording.tx()).stream()
        .filter(older ->
            older.identity().equals(change.identity())
                && older.declared().equals(change.declared())
                && !older.id().equals(change.id())
                && older.state().isInForce())
        .forEach(older ->
            moves.to(
                recording,
                older,
                older.state(),
                State.RETIRED,
                by,
                "replaced by " + change.id(),
                now));
  }

  private Instant until(Change change, Registered registered, Instant now) {
    var weighed = Risks.of(registered, risk, now);
    var name = registered.identity(change.identity()).map(Identity::name);
    boolean beta =
        registered
            .model(change.model())
            .filter(model -> model.lifecycle() == Lifecycle.BETA)
            .isPresent();
    var riskClass = weighed.of(change.workflow()).riskClass();
    var lasts = config.lasts(name.map(one -> weighed.of(one).riskClass()).orElse(riskClass), beta);
    var at = now.plus(lasts);
    // No approval outlives what it was given for.
    var ends =
        Stream.concat(
            registered.workflow(change.workflow()).flatMap(Workflow::pilotExpires).stream(),
            registered.model(change.model()).flatMap(one -> one.terms().withdrawsAt()).stream());
    return ends.filter(end -> end.isBefore(at))
        .min(Comparator.naturalOrder())
        .orElse(at)
        .truncatedTo(ChronoUnit.MICROS);
  }
}
