package dev.remit.server.changes;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Recording;
import java.time.Duration;
import java.time.Instant;

/// How a change goes from one state to the next: the row and its ledger entry in one transaction,
/// and never along a way that [State] does not know.
final class Moves {
  static final PersonName REMIT = new PersonName("remit");

  private final ChangeStore store;

  Moves(ChangeStore store) {
    this.store = store;
  }

  /// Opens a change, and returns false if one of the same fingerprint is alive.
  boolean open(Recording recording, Change fresh) {
    if (!store.insert(recording.tx(), fresh)) {
      return false;
    }
    recording.append(
        Entry.of(EntryType.CHANGE_OPENED, fresh.openedAt())
            .with("id", fresh.id().value())
            .with("identity", fresh.identity().value())
            .with("workflow", fresh.workflow().value())
            .with("model", fresh.model().value())
            .with("origin", fresh.origin().word())
            .with("fingerprint", fresh.fingerprint().digest())
            .with("declared", fresh.declared())
            .with("parts", fresh.fingerprint().digests())
            .withMaybe("before", fresh.before().map(ChangeId::value))
            .with("by", fresh.requestedBy().value()),
        Body.of("reason", fresh.why()));
    return true;
  }

  void classified(Recording recording, Change change, Assessment found, Triggers triggers) {
    var now = change.openedAt();
    go(recording, change, State.PROPOSED, State.CLASSIFIED, now);
    store.classified(recording.tx(), change.id(), found, triggers.digest());
    recording.append(
        moved(change, State.PROPOSED, State.CLASSIFIED, REMIT, now)
            .with("class", found.verdict().word())
            .with("axes", found.axes().stream().map(Word::word).toList())
            .with("suspends", found.suspends().stream().map(Object::toString).sorted().toList())
            .with("suites", found.suites())
            .with("triggers", triggers.digest())
            .with("assessment", CanonicalJson.digest(found.json())),
        Body.of("assessment", CanonicalJson.text(found.json())));
  }

  /// @param by who agreed; `remit` where nobody had to
  /// @param expiresAt first instant at which that no longer holds
  /// @param within the target for it, from when the change was opened
  void approved(
      Recording recording,
      Change change,
      PersonName by,
      String reason,
      Instant expiresAt,
      Duration within,
      Instant now) {
    var took = Duration.between(change.openedAt(), now);
    go(recording, change, State.EVALUATED, State.APPROVED, now);
    store.approved(recording.tx(), change.id(), by, expiresAt);
    recording.append(
        moved(change, State.EVALUATED, State.APPROVED, by, now)
            .with("expiresAt", expiresAt)
            .with("seconds", took.toSeconds())
            .with("target", within.toSeconds())
            .with("outcome", took.compareTo(within) <= 0 ? "met" : "missed"),
        Body.of("reason", reason));
  }

  /// Any other step.
  ///
  /// @return false if the change has moved meanwhile
  boolean to(
      Recording recording,
      Change change,
      State from,
      State to,
      PersonName by,
      String reason,
      Instant now) {
    if (!from.leadsTo(to)) {
      throw new IllegalArgumentException(
          change.id() + " cannot go from " + from.word() + " to " + to.word());
    }
    if (!store.move(recording.tx(), change.id(), from, to, reason, now)) {
      return false;
    }
    recording.append(moved(change, from, to, by, now), Body.of("reason", reason));
    return true;
  }

  private void go(Recording recording, Change change, State from, State to, Instant now) {
    if (!from.leadsTo(to)
        || !store.move(recording.tx(), change.id(), from, to, change.why(), now)) {
      throw new IllegalStateException(change.id() + " has moved under its own lock");
    }
  }

  private static Entry moved(Change change, State from, State to, PersonName by, Instant now) {
    return Entry.of(EntryType.CHANGE_MOVED, now)
        .with("of", change.id().value())
        .with("identity", change.identity().value())
        .with("workflow", change.workflow().value())
        .with("model", change.model().value())
        .with("from", from.word())
        .with("to", to.word())
        .with("by", by.value());
  }

  void evaluated(Recording recording, Change change, Evaluation one) {
    store.evaluated(recording.tx(), change.id(), one);
    recording.append(
        Entry.of(EntryType.CHANGE_EVALUATED, one.at())
            .with("of", change.id().value())
            .with("identity", change.identity().value())
            .with("workflow", change.workflow().value())
            .with("suite", one.suite())
            .with("run", one.run())
            .with("verdict", one.outcome().word())
            .with("how", one.how().word())
            .withMaybe("plan", one.plan().map(digest -> digest.value()))
            .with("by", one.by().value()));
  }
}
