package dev.remit.server.changes;

import dev.remit.kernel.identity.EvaluationId;
import dev.remit.server.evaluations.SuiteVerdict;
import dev.remit.server.evaluations.Verdicts;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.TwoPeople;
import dev.remit.server.store.Database;
import dev.remit.server.store.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What evaluations have shown of changes. It is read from the evaluations themselves and written
/// down with the change, so that the record of a change is whole; words that a person enters count
/// only for what was run elsewhere, and are shown as such.
final class Evaluating {
  private final Database database;
  private final Verdicts verdicts;
  private final Triggers triggers;
  private final ChangeStore store;
  private final Moves moves;

  Evaluating(
      Database database, Verdicts verdicts, Triggers triggers, ChangeStore store, Moves moves) {
    this.database = database;
    this.verdicts = verdicts;
    this.triggers = triggers;
    this.store = store;
    this.moves = moves;
  }

  /// What was read of a change, before the transaction in which it counts.
  ///
  /// @param found what counts of it, by suite
  /// @param altered how one of the evaluations is stored otherwise than it was recorded
  record Shown(Map<String, Evaluation> found, Optional<String> altered) {
    static final Shown NOTHING = new Shown(Map.of(), Optional.empty());

    Shown {
      found = Map.copyOf(found);
    }
  }

  Shown read(Change change, Instant now) {
    if (change.suites().isEmpty()) {
      return Shown.NOTHING;
    }
    var before = database.transact(tx -> change.before().flatMap(id -> store.find(tx, id)));
    var all =
        Evidence.candidates(change, before).stream()
            .flatMap(digest -> verdicts.of(digest).stream())
            .sorted(Comparator.comparing(SuiteVerdict::plannedAt).reversed())
            .toList();
    var found = new Evidence(change, before, triggers.evidence(change.kind())).of(all, now);
    var altered =
        found.values().stream()
            .map(Evaluation::run)
            .distinct()
            .flatMap(run ->
                verdicts
                    .altered(new EvaluationId(run))
                    .map(how -> "evaluation " + run + " was edited after the run: " + how)
                    .stream())
            .findFirst();
    return new Shown(found, altered);
  }

  /// Writes down what counts now where something else is written down, and moves the change on when
  /// all that it needs have passed.
  ///
  /// @return the suites that had passed and fail now
  List<Evaluation> look(Recording recording, Change change, Shown shown, Instant now) {
    var known = store.evaluations(recording.tx(), change.id());
    var worse = new ArrayList<Evaluation>();
    for (var one : shown.found().values()) {
      var before = known.stream().filter(other -> other.suite().equals(one.suite())).findFirst();
      if (before.filter(one::repeats).isPresent()) {
        continue;
      }
      moves.evaluated(recording, change, one);
      if (one.outcome() == Evaluation.Outcome.FAIL
          && before.filter(was -> was.outcome() == Evaluation.Outcome.PASS).isPresent()) {
        worse.add(one);
      }
    }
    if (change.state() == State.CLASSIFIED && missing(recording.tx(), change).isEmpty()) {
      moves.to(
          recording,
          change,
          State.CLASSIFIED,
          State.EVALUATED,
          Moves.REMIT,
          "every evaluation that it needs has passed",
          now);
    }
    return List.copyOf(worse);
  }

  /// Takes a person's words where no evaluation of this server has shown anything. Not of the
  /// person who wants the change.
  Changes.Written elsewhere(
      Recording recording, Change change, Evaluation one, Registered registered) {
    if (!TwoPeople.are(one.by(), change.requestedBy(), registered)) {
      return new Changes.Written.OwnChange(one.by());
    }
    if (!change.suites().contains(one.suite())) {
      return new Changes.Written.NotNeeded(change);
    }
    var here =
        store.evaluations(recording.tx(), change.id()).stream()
            .filter(known -> known.suite().equals(one.suite()))
            .filter(known -> known.how() != Evaluation.How.ELSEWHERE)
            .findFirst();
    if (here.isPresent()) {
      return new Changes.Written.ShownHere(here.get());
    }
    moves.evaluated(recording, change, one);
    return new Changes.Written.Done(change);
  }

  /// Returns the suites that a change has not passed, each with what was said of it.
  List<Missing> missing(Tx tx, Change change) {
    var said = store.evaluations(tx, change.id());
    var missing = new ArrayList<Missing>();
    for (var suite : change.suites()) {
      var last = said.stream().filter(one -> one.suite().equals(suite)).findFirst();
      if (last.filter(one -> one.outcome() == Evaluation.Outcome.PASS).isEmpty()) {
        missing.add(
            new Missing(
                suite,
                last.map(one -> one.outcome().word() + " in " + one.run())
                    .orElse("nothing was shown of it")));
      }
    }
    return List.copyOf(missing);
  }
}
