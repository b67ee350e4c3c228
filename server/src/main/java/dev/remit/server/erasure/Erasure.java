package dev.remit.server.erasure;

import dev.remit.kernel.identity.ErasureId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.erasure.Erased.Amount;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.ledger.Subject;
import dev.remit.server.ledger.SubjectKeyStore;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registry;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import dev.remit.server.tokens.Tasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Erases content on somebody's word. This file is the whole path: find the keys, ask whether a
/// hold stands over them, leave those of tasks at work, destroy the rest, and record who did it and
/// why, all in one transaction for each step of 2,000 keys.
///
/// CRASH POINT between two steps: what was erased is recorded, the rest is still there; erasing
/// again goes on. Nothing is erased that is not recorded.
public final class Erasure {
  private static final int STEP = 2_000;

  private final Database database;
  private final Ledger ledger;
  private final Registry registry;
  private final Tasks tasks;
  private final LegalHolds holds;
  private final SubjectKeyStore keys;

  public Erasure(
      Database database, Ledger ledger, Registry registry, Tasks tasks, LegalHolds holds) {
    this.database = database;
    this.ledger = ledger;
    this.registry = registry;
    this.tasks = tasks;
    this.holds = holds;
    this.keys = new SubjectKeyStore(ledger);
  }

  /// Says what erasing `scope` would come to, and changes nothing.
  public Erased preview(ErasureScope scope, Instant now) {
    return over(
        scope,
        after ->
            database.transact(tx -> {
              var step = step(tx, scope, after, now);
              return step.refused().isPresent() ? step : step.with(amount(tx, scope, step, after));
            }));
  }

  /// Erases `scope`. Erasing what is erased changes nothing and is not recorded again.
  ///
  /// @param reason why, in words; kept encrypted beside the entry, and never erased itself
  public Erased erase(ErasureScope scope, PersonName by, String reason, Instant now) {
    var erased =
        over(
            scope,
            after -> {
              var step =
                  ledger.transact(recording -> destroyed(recording, scope, after, by, reason, now));
              keys.forget(step.names());
              return step;
            });
    if (erased instanceof Erased.Done(var amount) && !amount.isNothing()) {
      database.reclaim("ledger_kek");
    }
    return erased;
  }

  private Erased over(ErasureScope scope, Function<String, Step> each) {
    var sofar = Amount.NONE;
    var after = "";
    while (true) {
      var step = each.apply(after);
      if (step.refused().isPresent()) {
        return step.refused().get();
      }
      sofar = sofar.plus(step.amount());
      if (step.isLast()) {
        return sofar.isNothing() && sofar.left() == 0 && !isKnown(scope)
            ? new Erased.NothingOfThatName()
            : new Erased.Done(sofar);
      }
      after = step.last();
    }
  }

  /// Some keys of a scope: those to be destroyed, and what stands against it.
  ///
  /// @param found how many were looked at; fewer than a step's worth are the last
  /// @param last the name after which the next step goes on
  private record Step(
      List<String> names, int found, String last, Amount amount, Optional<Erased> refused) {

    static Step refused(Erased why) {
      return new Step(List.of(), 0, "", Amount.NONE, Optional.of(why));
    }

    boolean isLast() {
      return found < STEP;
    }

    Step with(Amount counted) {
      return new Step(names, found, last, counted, refused);
    }
  }

  private Step destroyed(
      Recording recording,
      ErasureScope scope,
      String after,
      PersonName by,
      String reason,
      Instant now) {
    var tx = recording.tx();
    var step = step(tx, scope, after, now);
    if (step.refused().isPresent()) {
      return step;
    }
    var amount = amount(tx, scope, step, after);
    if (!amount.isNothing()) {
      keys.destroy(tx, step.names(), now);
      if (after.isEmpty()) {
        keys.eraseOlder(tx, scope);
      }
      recording.append(entry(scope, amount, by, now), Body.of("reason", reason));
    }
    return step.with(amount);
  }

  private Step step(Tx tx, ErasureScope scope, String after, Instant now) {
    var standing = holds.kept(tx);
    var found = keys.find(tx, scope, after, STEP);
    var refused = refusal(tx, scope, standing, found, now);
    if (refused.isPresent()) {
      return Step.refused(refused.get());
    }
    var atWork = atWork(tx, found, now);
    var names = new ArrayList<String>();
    for (var key : found) {
      if (key.subject().task().filter(atWork::contains).isEmpty()) {
        names.add(key.name());
      }
    }
    var left = new Amount(0, 0, found.size() - names.size());
    var last = found.isEmpty() ? after : found.getLast().name();
    return new Step(List.copyOf(names), found.size(), last, left, Optional.empty());
  }

  private Optional<Erased> refusal(
      Tx tx,
      ErasureScope scope,
      List<LegalHold> standing,
      List<SubjectKeyStore.Kept> found,
      Instant now) {
    var subjects = new ArrayList<Subject>();
    subjects.add(itself(tx, scope));
    found.forEach(key -> subjects.add(key.subject()));
    for (var subject : subjects) {
      var hold = LegalHolds.over(subject, standing);
      if (hold.isPresent()) {
        return Optional.of(new Erased.UnderHold(hold.get()));
      }
    }
    return scope instanceof ErasureScope.OfTask(var task)
            && !tasks.atWork(tx, List.of(task), now).isEmpty()
        ? Optional.of(new Erased.AtWork(task.value()))
        : Optional.empty();
  }

  /// What the scope itself is about, so that a hold counts even where nothing is kept yet.
  private Subject itself(Tx tx, ErasureScope scope) {
    return switch (scope) {
      case ErasureScope.OfTask(var task) ->
          tasks
              .find(tx, task)
              .map(known -> Subject.task(task, known.workflow()))
              .orElseGet(
                  () -> new Subject(Optional.of(task.value()), Optional.empty(), Optional.empty()));
      case ErasureScope.OfPerson(var person) ->
          new Subject(Optional.empty(), Optional.empty(), Optional.of(person.value()));
      case ErasureScope.OfWorkflow(var workflow, _) ->
          new Subject(Optional.empty(), Optional.of(workflow.value()), Optional.empty());
    };
  }

  private Amount amount(Tx tx, ErasureScope scope, Step step, String after) {
    long older = after.isEmpty() ? keys.older(tx, scope) : 0;
    long bodies = keys.bodies(tx, step.names()) + older;
    return new Amount(step.names().size(), bodies, step.amount().left());
  }

  private Set<String> atWork(Tx tx, List<SubjectKeyStore.Kept> found, Instant now) {
    var ids =
        found.stream()
            .flatMap(key -> key.subject().task().stream())
            .distinct()
            .map(TaskId::new)
            .toList();
    return tasks.atWork(tx, ids, now).stream()
        .map(TaskId::value)
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isKnown(ErasureScope scope) {
    return switch (scope) {
      case ErasureScope.OfTask(var task) -> tasks.find(task).isPresent();
      case ErasureScope.OfPerson(var person) ->
          registry.ever(new Ref(Kind.PERSON, person.value())).isPresent();
      case ErasureScope.OfWorkflow(var workflow, _) ->
          registry.ever(new Ref(Kind.WORKFLOW, workflow.value())).isPresent();
    };
  }

  private static Entry entry(ErasureScope scope, Amount amount, PersonName by, Instant now) {
    var entry =
        Entry.of(EntryType.EVIDENCE_ERASED, now)
            .with("id", ErasureId.fresh(now).value())
            .with(scope.kind().word(), scope.subject())
            .with("keys", amount.keys())
            .with("erased", amount.bodies())
            .with("by", by.value());
    return scope instanceof ErasureScope.OfWorkflow(_, var before)
        ? entry.with("before", before)
        : entry;
  }
}
