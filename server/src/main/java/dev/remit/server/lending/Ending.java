package dev.remit.server.lending;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.lending.CredentialStore.Which;
import dev.remit.server.lending.postgres.Place;
import dev.remit.server.registry.Covering;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Upstream;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Beneath;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.PartyStanding;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.Tasks;
import dev.remit.server.tokens.Tokens;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Which credentials end, and why: because their task or their time is over, because somebody said
/// stop, because they are no longer granted. What ends is marked, with its entry; [Revoking] then
/// takes it away.
final class Ending {
  private static final int AT_ONCE = 200;
  private static final String OURSELVES = "remit";

  private final InstantSource clock;
  private final LendingConfig config;
  private final Database database;
  private final Ledger ledger;
  private final Tasks tasks;
  private final Standings standings;
  private final Tokens tokens;
  private final Supplier<Registered> registered;
  private final Runnable marked;
  private final CredentialStore store = new CredentialStore();

  /// @param marked told whenever there is something to take away
  Ending(
      InstantSource clock,
      LendingConfig config,
      Database database,
      Ledger ledger,
      Tasks tasks,
      Standings standings,
      Tokens tokens,
      Supplier<Registered> registered,
      Runnable marked) {
    this.clock = clock;
    this.config = config;
    this.database = database;
    this.ledger = ledger;
    this.tasks = tasks;
    this.standings = standings;
    this.tokens = tokens;
    this.registered = registered;
    this.marked = marked;
  }

  void suspended(Party party) {
    switch (party.kind()) {
      case IDENTITY -> suspended(new Which.OfIdentity(party.name()));
      case WORKFLOW -> suspended(new Which.OfWorkflow(party.name()));
      case PERSON -> suspended(new Which.OfOwner(party.name()));
      case RESOURCE -> suspended(new Which.OfResource(party.name()));
      case MODEL, KEY ->
          Beneath.identities(party, registered.get())
              .forEach(name -> suspended(new Which.OfIdentity(name.value())));
    }
  }

  private void suspended(Which which) {
    mark(which, "suspended", OURSELVES);
  }

  void ended(TaskId task) {
    mark(new Which.OfTask(task), "task-ended", OURSELVES);
  }

  void revoked(CredentialId id, String by) {
    mark(new Which.One(id), "revoked", by);
  }

  /// It was not handed over, and whoever was making it has finished: nothing need be waited for.
  void abandon(CredentialId id) {
    mark(new Which.One(id), "not-issued", OURSELVES);
    database.run(tx -> store.hurry(tx, id, clock.instant()));
    marked.run();
  }

  /// Those whose time has come, and those that nobody finishes making.
  void over() {
    var now = clock.instant();
    if (database.transact(tx -> store.anyOver(tx, now, config.within().multipliedBy(2)))) {
      mark(new Which.Over(now), "expired", OURSELVES);
    }
  }

  /// Looks at every credential that somebody may have: news of an end may have been lost, a grant
  /// withdrawn, a resource declared otherwise.
  void reconcile() {
    var after = "";
    while (true) {
      var from = after;
      var some = database.transact(tx -> store.lentAfter(tx, from, AT_ONCE));
      if (some.isEmpty()) {
        return;
      }
      reconcile(some);
      after = some.getLast().id().value();
    }
  }

  private void reconcile(List<Lent> some) {
    var now = clock.instant();
    var known = registered.get();
    var ids = some.stream().map(Lent::task).distinct().toList();
    var atWork = database.transact(tx -> tasks.atWork(tx, ids, now));
    for (var reason : List.of("task-ended", "suspended", "grant-withdrawn")) {
      var over = new ArrayList<CredentialId>();
      for (var lent : some) {
        if (why(lent, known, atWork, now).filter(reason::equals).isPresent()) {
          over.add(lent.id());
        }
      }
      if (!over.isEmpty()) {
        mark(new Which.These(over), reason, OURSELVES);
      }
    }
  }

  private Optional<String> why(Lent lent, Registered known, Set<TaskId> atWork, Instant now) {
    if (!atWork.contains(lent.task())) {
      return Optional.of("task-ended");
    }
    if (epochs(standings, lent.identity(), lent.workflow(), lent.owner(), lent.resource())
            != lent.epochs()
        || standings.isSuspended(Party.of(lent.resource()))) {
      return Optional.of("suspended");
    }
    var identity = known.identity(lent.identity());
    var workflow = known.workflow(lent.workflow());
    if (identity.isEmpty() || workflow.isEmpty() || !isGranted(lent, known, now)) {
      return Optional.of("grant-withdrawn");
    }
    // That this node has heard nothing lately ends nothing: it is no news.
    return tokens
        .against(identity.get(), workflow.get(), now)
        .filter(no -> !no.reasonCode().equals("feed-stale"))
        .map(_ -> "suspended");
  }

  private static boolean isGranted(Lent lent, Registered known, Instant now) {
    boolean isDeclared =
        known
            .resource(lent.resource())
            .filter(found ->
                found.upstream() instanceof Upstream.Database database
                    && database.profiles().containsKey(lent.profile())
                    && Place.of(database).toString().equals(lent.place().toString()))
            .isPresent();
    return isDeclared
        && Covering.of(
                known,
                lent.identity(),
                lent.resource(),
                grant -> grant.namesProfile(lent.profile()),
                now)
            instanceof Covering.By;
  }

  /// How often identity, workflow, owner and resource were suspended, together: it only grows.
  static long epochs(
      Standings standings,
      IdentityName identity,
      WorkflowName workflow,
      PersonName owner,
      ResourceName resource) {
    return epoch(standings, Party.of(identity))
        + epoch(standings, Party.of(workflow))
        + epoch(standings, Party.of(owner))
        + epoch(standings, Party.of(resource));
  }

  private static long epoch(Standings standings, Party party) {
    return standings.of(party).map(PartyStanding::epoch).orElse(0L);
  }

  private void mark(Which which, String reason, String by) {
    boolean any = false;
    while (true) {
      var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      int found =
          ledger.transact(recording -> {
            var some = store.mark(recording.tx(), which, reason, now, config.within(), AT_ONCE);
            some.forEach(lent -> recording.append(LendingEntries.revoking(lent, by)));
            return some.size();
          });
      any |= found > 0;
      if (found < AT_ONCE) {
        break;
      }
      marked.run();
    }
    if (any) {
      marked.run();
    }
  }
}
