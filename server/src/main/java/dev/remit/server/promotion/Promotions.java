package dev.remit.server.promotion;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.PromotionId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.promotion.Promotion.Settlement;
import dev.remit.server.promotion.Promotion.State;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.Database;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The one way into production, and back by somebody's word. This file is the whole path of a
/// promotion: the gate is asked, somebody asks, somebody else agrees, the gate is asked again, and
/// the stage changes in the transaction that records all of that.
public final class Promotions {
  private static final int LIST_MAX = 200;
  private static final String NOBODY = "remit";

  private final Database database;
  private final Ledger ledger;
  private final Registry registry;
  private final LiveGate gate;
  private final PromotionConfig config;
  private final PromotionStore store = new PromotionStore();

  public Promotions(
      Database database, Ledger ledger, Registry registry, LiveGate gate, PromotionConfig config) {
    this.database = database;
    this.ledger = ledger;
    this.registry = registry;
    this.gate = gate;
    this.config = config;
  }

  /// What becomes of a wish.
  public sealed interface Requested {

    /// Somebody else may agree now.
    record Open(Promotion promotion) implements Requested {}

    /// One is asked for already.
    record Another(Promotion promotion) implements Requested {}

    /// The gate is shut.
    record Shut(GateResult result) implements Requested {}

    /// It is no pilot.
    record NoPilot(Stage stage) implements Requested {}

    record Unknown() implements Requested {}
  }

  /// Asks for a pilot to be promoted.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable
  public Requested request(WorkflowName workflow, PersonName by, String reason, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var declared = registry.current().workflow(workflow);
    if (declared.isEmpty()) {
      return new Requested.Unknown();
    }
    if (declared.get().stage() != Stage.PILOT) {
      return new Requested.NoPilot(declared.get().stage());
    }
    var result = gate.of(workflow, now).orElseThrow();
    if (!result.isOpen()) {
      return new Requested.Shut(result);
    }
    var fresh =
        new Promotion(
            PromotionId.fresh(now),
            workflow,
            State.REQUESTED,
            by,
            result.digest(),
            result.world(),
            now,
            now.plus(config.answerWithin()),
            Optional.empty());
    return ledger.transact(recording -> {
      var other = store.alive(recording.tx(), workflow).filter(one -> !lapsed(recording, one, now));
      if (other.isPresent()) {
        return new Requested.Another(other.get());
      }
      if (!store.insert(recording.tx(), fresh)) {
        return new Requested.Another(store.alive(recording.tx(), workflow).orElse(fresh));
      }
      recording.append(requested(fresh, result), Body.of("reason", reason));
      return new Requested.Open(fresh);
    });
  }

  private static Entry requested(Promotion fresh, GateResult result) {
    var json = result.toJson();
    return Entry.of(EntryType.PROMOTION_REQUESTED, fresh.requestedAt())
        .with("id", fresh.id().value())
        .with("workflow", fresh.workflow().value())
        .with("by", fresh.requestedBy().value())
        .with("lapsesAt", fresh.lapsesAt())
        .with("gate", fresh.gate().value())
        .with("world", fresh.world().value())
        .with("from", result.scope().from())
        .with("until", result.scope().to())
        .with("logs", json.path("logs"))
        .with("rules", json.path("rules"))
        .with("items", json.path("items"));
  }

  /// Settles a wish by another person's answer. The gate is asked again: what has shut meanwhile
  /// voids the wish, and says which.
  ///
  /// @return what it comes to; empty if there is no such wish
  public Optional<Settlement> answer(
      PromotionId id, PersonName by, boolean agrees, String reason, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return database
        .transact(tx -> store.find(tx, id))
        .map(one -> {
          var known = registry.current();
          var owner = known.workflow(one.workflow()).map(Workflow::owner).orElse(one.requestedBy());
          return settled(one, one.settle(by, owner, agrees, known, now), by, reason, now);
        });
  }

  private Settlement settled(
      Promotion one, Settlement meant, PersonName by, String reason, Instant now) {
    return switch (meant) {
      case Settlement.Agreed _ -> promoted(one, by, reason, now);
      case Settlement.Declined _ ->
          ledger.transact(recording ->
              store.settle(recording.tx(), one, State.DECLINED, Optional.of(by))
                  ? said(recording, one, State.DECLINED, by.value(), reason, now, meant)
                  : beaten(recording, one));
      case Settlement.Lapsed _ -> {
        ledger.transact(recording -> lapsed(recording, one, now));
        yield meant;
      }
      case Settlement.Settled _, Settlement.OwnRequest _, Settlement.Voided _ -> meant;
    };
  }

  private Settlement promoted(Promotion one, PersonName by, String reason, Instant now) {
    var broken = broken(one, now);
    if (broken.isPresent()) {
      return voided(one, broken.get(), now);
    }
    var author = new Author(one.requestedBy(), Set.of(Role.OWNER));
    var applied =
        registry.restage(
            one.workflow(),
            Stage.PRODUCTION,
            Optional.empty(),
            author,
            now,
            recording -> {
              // What was looked at is what is promoted: nothing can move between.
              if (!store.settle(recording.tx(), one, State.AGREED, Optional.of(by))) {
                return false;
              }
              said(recording, one, State.AGREED, by.value(), reason, now, new Settlement.Agreed());
              recording.append(
                  staged(one.workflow(), Stage.PILOT, Stage.PRODUCTION, "promoted", by, now)
                      .with("of", one.id().value()));
              return true;
            });
    return switch (applied) {
      case Applied.Done _ -> new Settlement.Agreed();
      case Applied.Refused(var planned) ->
          voided(
              one,
              planned.flaws().stream()
                  .filter(flaw -> flaw.isError())
                  .map(flaw -> flaw.message())
                  .collect(Collectors.joining("; ")),
              now);
      case Applied.Stale _ ->
          new Settlement.Settled(
              database
                  .transact(tx -> store.find(tx, one.id()))
                  .map(Promotion::state)
                  .orElse(State.VOID));
      case Applied.Unknown _ -> voided(one, "the workflow is not declared any more", now);
      case Applied.Waiting(_, var request) ->
          throw new IllegalStateException("a promotion waits for one who agreed: " + request);
    };
  }

  /// What the wish rests on and is no longer so.
  private Optional<String> broken(Promotion one, Instant now) {
    if (!gate.world(one.workflow()).equals(one.world())) {
      return Optional.of("what is declared around the workflow has changed since it was asked for");
    }
    return gate.of(one.workflow(), now)
        .filter(result -> !result.isOpen())
        .map(result ->
            result.unmet().stream()
                .map(item -> item.item() + ": " + item.says())
                .collect(Collectors.joining("; ")));
  }

  private Settlement voided(Promotion one, String why, Instant now) {
    return ledger.transact(recording -> {
      if (!store.settle(recording.tx(), one, State.VOID, Optional.empty())) {
        return beaten(recording, one);
      }
      recording.append(settlement(one, State.VOID, NOBODY, now).with("why", shortened(why)));
      return new Settlement.Voided(why);
    });
  }

  private static String shortened(String why) {
    return why.length() <= 1_000 ? why : why.substring(0, 999) + "…";
  }

  private Settlement beaten(Recording recording, Promotion one) {
    return new Settlement.Settled(store.find(recording.tx(), one.id()).orElse(one).state());
  }

  private static Settlement said(
      Recording recording,
      Promotion one,
      State to,
      String by,
      String reason,
      Instant now,
      Settlement meant) {
    recording.append(settlement(one, to, by, now), Body.of("reason", reason));
    return meant;
  }

  private boolean lapsed(Recording recording, Promotion one, Instant now) {
    if (now.isBefore(one.lapsesAt())) {
      return false;
    }
    if (store.settle(recording.tx(), one, State.LAPSED, Optional.empty())) {
      recording.append(settlement(one, State.LAPSED, NOBODY, now));
    }
    return true;
  }

  private static Entry settlement(Promotion one, State outcome, String by, Instant now) {
    return Entry.of(EntryType.PROMOTION_SETTLED, now)
        .with("of", one.id().value())
        .with("workflow", one.workflow().value())
        .with("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .with("by", by);
  }

  static Entry staged(
      WorkflowName workflow, Stage from, Stage to, String why, PersonName by, Instant now) {
    return Entry.of(EntryType.STAGE_CHANGED, now)
        .with("workflow", workflow.value())
        .with("stageBefore", from.word())
        .with("stage", to.word())
        .with("why", why)
        .with("by", by.value());
  }

  /// Makes a workflow a pilot again, on one person's word: less trust needs no second one.
  ///
  /// @return what became of it; empty if it is not in production
  public Optional<Applied> demote(WorkflowName workflow, Author by, String reason, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return registry
        .current()
        .workflow(workflow)
        .filter(known -> known.stage() == Stage.PRODUCTION)
        .map(_ ->
            registry.restage(
                workflow,
                Stage.PILOT,
                Optional.of(now.plus(config.demotedFor()).truncatedTo(ChronoUnit.SECONDS)),
                by,
                now,
                recording -> {
                  if (store.forget(recording.tx(), workflow)) {
                    recording.append(Decay.over(workflow, "demoted", now));
                  }
                  recording.append(
                      staged(workflow, Stage.PRODUCTION, Stage.PILOT, "demoted", by.name(), now),
                      Body.of("reason", reason));
                  return true;
                }));
  }

  /// Settles what nobody has answered in time.
  ///
  /// @return how many
  public int sweep(Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return ledger.transact(recording -> {
      var overdue = store.overdue(recording.tx(), now);
      overdue.forEach(one -> lapsed(recording, one, now));
      return overdue.size();
    });
  }

  /// Everything that people want to know of a workflow's way into production.
  ///
  /// @param pending the wish that waits for an answer
  /// @param demotesAt when it is demoted, unless what has decayed is mended before
  public record Look(GateResult gate, Optional<Promotion> pending, Optional<Instant> demotesAt) {}

  /// Computes how `workflow` stands.
  ///
  /// @return empty if no such workflow is declared
  public Optional<Look> look(WorkflowName workflow, Instant now) {
    return gate.of(workflow, now)
        .map(result ->
            database.transact(tx ->
                new Look(
                    result,
                    store.alive(tx, workflow),
                    store.notice(tx, workflow).map(PromotionStore.Notice::demotesAt))));
  }

  /// Returns what waits for an answer, the oldest first, at most 200.
  public List<Promotion> open() {
    return database.transact(tx -> store.open(tx, LIST_MAX));
  }

  /// Returns the newest, at most 200.
  public List<Promotion> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  public Optional<Promotion> find(PromotionId id) {
    return database.transact(tx -> store.find(tx, id));
  }
}
