package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApplyId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Recording;
import dev.remit.server.registry.ApplyRequest.Settlement;
import dev.remit.server.registry.ApplyRequest.State;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The one way in which a change that takes two people is made: one asks, another one agrees, and
/// what was planned is what is done, or nothing is.
///
/// Each step is one transaction with its ledger entry, and agreeing changes the registry in the
/// same transaction. Nothing is changed while somebody is asked.
public final class ApplyRequests {
  private static final String NOBODY = "remit";
  private static final int LIST_MAX = 100;

  private final Registry registry;
  private final Database database;
  private final Registry.Recorder recorder;
  private final ApplyRequestStore store = new ApplyRequestStore();

  ApplyRequests(Registry registry, Database database, Registry.Recorder recorder) {
    this.registry = registry;
    this.database = database;
    this.recorder = recorder;
  }

  /// Asks for somebody else to agree to `proposal`, or says that this is asked for already.
  Applied ask(Proposal proposal, Planned planned, ApplyJson.What what) {
    var now = proposal.now();
    var fresh =
        new ApplyRequest(
            ApplyId.fresh(now),
            State.REQUESTED,
            proposal.author().name(),
            ApplyJson.of(what),
            planned.version(),
            ApplyJson.digest(proposal),
            planned.secondPerson().orElseThrow(),
            proposal.changes().stream().filter(change -> !change.isNone()).count(),
            now,
            now.plus(registry.config().agreeWithin()).truncatedTo(ChronoUnit.MICROS),
            Optional.empty());
    return recorder.transact(recording -> {
      long version = registry.version(recording.tx());
      if (version != planned.version()) {
        return new Applied.Stale(planned.version(), version);
      }
      var open =
          store
              .open(recording.tx(), fresh.digest())
              .filter(one -> !outlived(recording, one, version, now));
      if (open.isPresent()) {
        return new Applied.Waiting(planned, open.get());
      }
      if (!store.insert(recording.tx(), fresh)) {
        // Another node was asked the same at the same moment.
        return new Applied.Waiting(
            planned, store.open(recording.tx(), fresh.digest()).orElse(fresh));
      }
      recording.append(requested(fresh));
      return new Applied.Waiting(planned, fresh);
    });
  }

  /// Settles a request by another person's answer, and carries it out if that is yes.
  ///
  /// @param roles that the person holds
  /// @return what it comes to; empty if there is no such request
  /// @throws DatabaseUnavailable when it could not be made durable; whether it is so all the same
  ///   is then unknown, and asking again tells
  public Optional<Settlement> answer(
      ApplyId id, PersonName by, Set<Role> roles, boolean agrees, String reason, Instant now) {
    return find(id)
        .map(one -> {
          var meant = one.settle(by, agrees, registry.current(), now);
          return switch (meant) {
            case Settlement.Agreed() -> carriedOut(one, by, roles, reason, now);
            case Settlement.Declined() ->
                settledOr(one, State.DECLINED, Optional.of(by), reason, now, meant);
            case Settlement.Lapsed _ ->
                settledOr(one, State.LAPSED, Optional.empty(), "time ran out", now, meant);
            case Settlement.Settled _,
                Settlement.Voided _,
                Settlement.OwnRequest _,
                Settlement.NotPermitted _ ->
                meant;
          };
        });
  }

  /// Plans again, and does it if that is to the letter what was planned.
  private Settlement carriedOut(
      ApplyRequest one, PersonName by, Set<Role> roles, String reason, Instant now) {
    registry.followTo(one.version());
    var author =
        registry.current().person(one.requestedBy()).filter(Person::active).map(Author::of);
    if (author.isEmpty()) {
      return voided(one, "`" + one.requestedBy() + "` has left", now);
    }
    var again = registry.considered(ApplyJson.read(one.what(), one.version()), author.get(), now);
    var wrong = different(one, again);
    if (wrong.isPresent()) {
      return voided(one, wrong.get(), now);
    }
    var proposal = again.proposal().orElseThrow();
    if (!FourEyes.mayAgree(roles, proposal.changes())
        || !FourEyes.isOther(by, one.requestedBy(), proposal.next().registered())) {
      return new Settlement.NotPermitted();
    }
    if (registry.carryOut(again, Optional.of(new Agreed(one, by, reason)))) {
      return new Settlement.Agreed();
    }
    var after = find(one.id()).orElse(one);
    return after.state() == State.REQUESTED
        ? voided(one, "somebody else has changed something", now)
        : new Settlement.Settled(after.state());
  }

  /// Says what is not as it was planned.
  private static Optional<String> different(ApplyRequest one, Registry.Considered again) {
    if (again.planned().version() != one.version()) {
      return Optional.of(
          "the registry has moved from version "
              + one.version()
              + " to "
              + again.planned().version());
    }
    if (again.proposal().isEmpty() || !again.planned().isApplicable()) {
      return Optional.of("rules speak against it now");
    }
    return again.proposal().map(ApplyJson::digest).filter(one.digest()::equals).isPresent()
        ? Optional.empty()
        : Optional.of("what would be done is not what was planned");
  }

  private Settlement voided(ApplyRequest one, String why, Instant now) {
    return settledOr(one, State.VOID, Optional.empty(), why, now, new Settlement.Voided(why));
  }

  private Settlement settledOr(
      ApplyRequest one,
      State to,
      Optional<PersonName> by,
      String why,
      Instant now,
      Settlement meant) {
    boolean settled = recorder.transact(recording -> settle(recording, one, to, by, why, now));
    return settled ? meant : new Settlement.Settled(find(one.id()).orElse(one).state());
  }

  private boolean settle(
      Recording recording,
      ApplyRequest one,
      State to,
      Optional<PersonName> by,
      String why,
      Instant now) {
    if (!store.settle(recording.tx(), one, to, by)) {
      return false;
    }
    recording.append(settled(one, to, by, now), Body.of("reason", why));
    return true;
  }

  /// Whether it may still be carried out: to be asked in the transaction that does so, before.
  boolean isOpen(Recording recording, ApplyRequest one) {
    return store.lock(recording.tx(), one.id());
  }

  /// Records that it is carried out, in the transaction that does so.
  void agreed(Recording recording, Agreed agreed, Instant now) {
    if (!settle(
        recording,
        agreed.request(),
        State.AGREED,
        Optional.of(agreed.by()),
        agreed.reason(),
        now)) {
      throw new IllegalStateException(agreed.request().id() + " was locked, and is settled");
    }
  }

  /// Ends what nobody can agree to any more.
  private boolean outlived(Recording recording, ApplyRequest one, long version, Instant now) {
    if (!now.isBefore(one.lapsesAt())) {
      return settle(recording, one, State.LAPSED, Optional.empty(), "time ran out", now);
    }
    return one.version() != version
        && settle(
            recording,
            one,
            State.VOID,
            Optional.empty(),
            "the registry has moved from version " + one.version() + " to " + version,
            now);
  }

  /// Records the end of what lapsed, and of what was planned on another version. Agreeing is
  /// refused without it.
  public void sweep(Instant now) {
    long version = registry.current().version();
    boolean any =
        open().stream().anyMatch(one -> one.version() < version || !now.isBefore(one.lapsesAt()));
    if (any) {
      recorder.transact(recording -> {
        long known = registry.version(recording.tx());
        return store.open(recording.tx()).stream()
            .filter(one -> outlived(recording, one, known, now))
            .count();
      });
    }
  }

  /// Returns what is asked for, oldest first.
  public List<ApplyRequest> open() {
    return database.transact(tx -> store.open(tx));
  }

  /// Returns the newest, at most 100.
  public List<ApplyRequest> newest() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  public Optional<ApplyRequest> find(ApplyId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// Works out again what a request would do now, for whoever is to agree.
  ///
  /// @return empty when it can no longer be worked out
  public Optional<Planned> shown(ApplyRequest one, Instant now) {
    return registry
        .current()
        .person(one.requestedBy())
        .map(Author::of)
        .map(author ->
            registry.considered(ApplyJson.read(one.what(), one.version()), author, now).planned());
  }

  /// That somebody else has agreed.
  record Agreed(ApplyRequest request, PersonName by, String reason) {}

  private static Entry requested(ApplyRequest one) {
    return Entry.of(EntryType.APPLY_REQUESTED, one.requestedAt())
        .with("id", one.id().value())
        .with("by", one.requestedBy().value())
        .with("what", Digest.of(one.what()).value())
        .with("version", one.version())
        .with("digest", one.digest().value())
        .with("why", one.why())
        .with("changes", one.changes())
        .with("lapsesAt", one.lapsesAt());
  }

  private static Entry settled(ApplyRequest one, State to, Optional<PersonName> by, Instant now) {
    return Entry.of(EntryType.APPLY_SETTLED, now)
        .with("request", one.id().value())
        .with("outcome", to.name().toLowerCase(Locale.ROOT))
        .with("requestedBy", one.requestedBy().value())
        .with("by", by.map(PersonName::value).orElse(NOBODY));
  }
}
