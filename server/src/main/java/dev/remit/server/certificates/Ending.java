package dev.remit.server.certificates;

import dev.remit.kernel.identity.CredentialId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.certificates.SvidStore.Which;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.PartyStanding;
import dev.remit.server.tokens.Standings;
import dev.remit.server.tokens.Tasks;
import dev.remit.server.tokens.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Which certificates end, and why: because their task, their token or their time is over, because
/// somebody said stop, because nobody finished making them. What is taken away is marked, with its
/// entry, and holds here no more; [Lists] then tells others.
final class Ending {
  static final String TASK_ENDED = "task-ended";
  static final String SUSPENDED = "suspended";
  static final String NO_STANDING = "no-standing";
  static final String TOKEN_WITHDRAWN = "token-withdrawn";
  static final String AUTHORITY_REVOKED = "authority-revoked";
  static final String KEYS_REVOKED = "keys-revoked";
  static final String NOT_ISSUED = "not-issued";
  static final String REVOKED = "revoked";

  private static final String OURSELVES = "remit";
  private static final int AT_ONCE = 200;

  /// Longer than signing and two commits can take.
  private static final Duration MAKING_MAX = Duration.ofSeconds(30);

  private final InstantSource clock;
  private final Database database;
  private final Ledger ledger;
  private final Tasks tasks;
  private final Standings standings;
  private final Tokens tokens;
  private final Supplier<Registered> registered;
  private final Runnable marked;
  private final SvidStore store = new SvidStore();

  /// @param marked told whenever there is something to list
  Ending(
      InstantSource clock,
      Database database,
      Ledger ledger,
      Tasks tasks,
      Standings standings,
      Tokens tokens,
      Supplier<Registered> registered,
      Runnable marked) {
    this.clock = clock;
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
      case IDENTITY -> mark(new Which.OfIdentity(party.name()), SUSPENDED, OURSELVES);
      case WORKFLOW -> mark(new Which.OfWorkflow(party.name()), SUSPENDED, OURSELVES);
      case PERSON -> mark(new Which.OfOwner(party.name()), SUSPENDED, OURSELVES);
      case MODEL, KEY -> mark(new Which.Resting(party.path()), SUSPENDED, OURSELVES);
      case RESOURCE -> {
        // A certificate is for whoever its holder meets, and for no resource of ours.
      }
    }
  }

  void ended(TaskId task) {
    mark(new Which.OfTask(task), TASK_ENDED, OURSELVES);
  }

  void withdrawn(String jti) {
    mark(new Which.OfToken(jti), TOKEN_WITHDRAWN, OURSELVES);
  }

  void revoked(CredentialId id, String by) {
    mark(new Which.One(id), REVOKED, by);
  }

  /// It was not handed over.
  void abandon(CredentialId id) {
    mark(new Which.One(id), NOT_ISSUED, OURSELVES);
  }

  /// No authority that has signed it is trusted any more.
  void rolled(List<String> authorities, PersonName by) {
    authorities.forEach(id -> mark(new Which.OfAuthority(id), AUTHORITY_REVOKED, by.value()));
  }

  /// Whoever has the key of task tokens may have asked for any of them.
  void keysRevoked() {
    mark(new Which.All(), KEYS_REVOKED, OURSELVES);
  }

  /// Those whose time has come, and those that nobody finishes making.
  void over() {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var unfinished = now.minus(MAKING_MAX);
    if (!database.transact(tx -> store.anyOver(tx, now, unfinished))) {
      return;
    }
    while (expire(now) == AT_ONCE) {
      // There are more.
    }
    mark(new Which.Unfinished(unfinished), NOT_ISSUED, OURSELVES);
  }

  private int expire(Instant now) {
    return ledger.transact(recording -> {
      var some = store.expire(recording.tx(), now, AT_ONCE);
      some.forEach(svid -> recording.append(CertificateEntries.expired(svid, now)));
      return some.size();
    });
  }

  /// Looks at every certificate that holds: news of an end may have been lost.
  void reconcile() {
    var after = "";
    while (true) {
      var from = after;
      var some = database.transact(tx -> store.heldAfter(tx, from, AT_ONCE));
      if (some.isEmpty()) {
        return;
      }
      reconcile(some);
      after = some.getLast().id().value();
    }
  }

  private void reconcile(List<Svid> some) {
    var now = clock.instant();
    var known = registered.get();
    var ids = some.stream().map(Svid::task).distinct().toList();
    var atWork = database.transact(tx -> tasks.atWork(tx, ids, now));
    for (var reason : List.of(TASK_ENDED, SUSPENDED, TOKEN_WITHDRAWN, NO_STANDING)) {
      var over = new ArrayList<CredentialId>();
      for (var svid : some) {
        if (why(svid, known, atWork, now).filter(reason::equals).isPresent()) {
          over.add(svid.id());
        }
      }
      if (!over.isEmpty()) {
        mark(new Which.These(over), reason, OURSELVES);
      }
    }
  }

  private Optional<String> why(Svid svid, Registered known, Set<TaskId> atWork, Instant now) {
    if (!atWork.contains(svid.task())) {
      return Optional.of(TASK_ENDED);
    }
    long epochs = epochs(standings, svid.identity(), svid.workflow(), svid.owner(), svid.beside());
    if (epochs != svid.epochs()) {
      return Optional.of(SUSPENDED);
    }
    if (tokens.isWithdrawn(svid.token())) {
      return Optional.of(TOKEN_WITHDRAWN);
    }
    var identity = known.identity(svid.identity());
    var workflow = known.workflow(svid.workflow());
    if (identity.isEmpty()
        || workflow.isEmpty()
        || !identity.get().spiffeId().equals(svid.subject())) {
      return Optional.of(NO_STANDING);
    }
    // That this node has heard nothing lately ends nothing: it is no news.
    return tokens
        .against(identity.get(), workflow.get(), now)
        .filter(no -> !no.reasonCode().equals("feed-stale"))
        .map(_ -> NO_STANDING);
  }

  /// How often all that it rests on was suspended, together: it only grows.
  static long epochs(
      Standings standings,
      IdentityName identity,
      WorkflowName workflow,
      PersonName owner,
      Collection<String> beside) {
    long sum = epoch(standings, Party.of(identity)) + epoch(standings, Party.of(workflow));
    sum += epoch(standings, Party.of(owner));
    for (var one : beside) {
      sum += epoch(standings, Party.parse(one));
    }
    return sum;
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
            var some = store.mark(recording.tx(), which, reason, now, AT_ONCE);
            some.forEach(svid -> recording.append(CertificateEntries.revoking(svid, by)));
            return some.size();
          });
      any |= found > 0;
      if (found < AT_ONCE) {
        break;
      }
    }
    if (any) {
      marked.run();
    }
  }
}
