package dev.remit.server.certificates;

import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lists by which everybody can know what does not hold any more: one of each authority, signed
/// by it, made anew as soon as something was taken away and before the last one runs out.
///
/// A list is stored together with the record of all that it is the first to tell, and only in the
/// place of the one that it follows: of two nodes that make the next one at once, one does, and the
/// other looks again. So every node serves the same, and numbers never go back.
final class Lists {
  private static final Logger LOG = LoggerFactory.getLogger(Lists.class);
  private static final int AT_ONCE = 500;
  private static final Duration REMEMBERED = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final CertificateConfig config;
  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final Authorities authorities;
  private final SvidStore svids = new SvidStore();
  private final ListStore store = new ListStore();
  private final ReentrantLock making = new ReentrantLock();
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

  private record Remembered(ListStore.Stored list, long atNanos) {}

  Lists(
      InstantSource clock,
      CertificateConfig config,
      Database database,
      Ledger ledger,
      Findings findings,
      Authorities authorities) {
    this.clock = clock;
    this.config = config;
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.authorities = authorities;
  }

  /// What is answered to somebody who asks for a list.
  sealed interface Answer {

    /// The newest, which is good now.
    ///
    /// @param der not copied
    @SuppressWarnings("ArrayRecordComponent") // sent once and compared never
    record Listed(byte[] der) implements Answer {}

    record Unknown() implements Answer {}

    /// None can be had that is good now.
    record Stale() implements Answer {}
  }

  /// Returns the newest list of an authority. Who asks for what never was costs no statement.
  Answer of(String authority) {
    if (authorities.find(authority).isEmpty()) {
      return new Answer.Unknown();
    }
    var known = remembered.get(authority);
    if (known != null
        && System.nanoTime() - known.atNanos() < REMEMBERED.toNanos()
        && isGood(known.list())) {
      return new Answer.Listed(known.list().der());
    }
    var found = look(authority);
    if (found.isPresent() && !isGood(found.get())) {
      refresh();
      found = look(authority);
    }
    return found
        .map(list -> isGood(list) ? (Answer) new Answer.Listed(list.der()) : new Answer.Stale())
        .orElseGet(Answer.Unknown::new);
  }

  private boolean isGood(ListStore.Stored list) {
    return clock.instant().isBefore(list.nextUpdate());
  }

  private Optional<ListStore.Stored> look(String authority) {
    long asked = System.nanoTime();
    var found = database.transact(tx -> store.find(tx, authority));
    found.ifPresentOrElse(
        list -> remembered.put(authority, new Remembered(list, asked)),
        () -> remembered.remove(authority));
    return found;
  }

  /// Makes every list that is due; returns when what was taken away before the call is on one.
  void refresh() {
    making.lock();
    try {
      for (var id : database.transact(tx -> store.due(tx, clock.instant()))) {
        while (isBehind(id)) {
          // Somebody else was first, or there is more than one list can be the first to tell.
        }
      }
    } finally {
      making.unlock();
    }
  }

  /// Makes one list.
  ///
  /// @return whether the authority still needs another
  private boolean isBehind(String id) {
    authorities.refresh();
    var authority = authorities.find(id);
    if (authority.isEmpty()) {
      // It was retired meanwhile, and its list with it.
      return false;
    }
    try {
      make(authority.get());
    } catch (DatabaseUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("no list of what {} has revoked can be made", authority.get(), e);
      findings.raise(unlisted(id), clock.instant());
      return false;
    }
    return database.transact(tx -> store.due(tx, clock.instant())).contains(id);
  }

  @SuppressWarnings("ArrayRecordComponent") // stored once and compared never
  private record Made(RevocationList.Head head, byte[] der, List<Svid> first) {}

  private void make(Authority authority) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var made =
        database.transact(tx -> {
          long number = store.find(tx, authority.id()).map(ListStore.Stored::number).orElse(0L) + 1;
          // Until it was on a list that was made after it expired (RFC 5280, section 3.3).
          var revoked = svids.revoked(tx, authority.id(), now.minus(config.listFor()));
          var head =
              new RevocationList.Head(number, now.minus(config.skew()), now.plus(config.listFor()));
          var first =
              revoked.stream()
                  .filter(svid -> svid.state() == Svid.State.REVOKING)
                  .limit(AT_ONCE)
                  .toList();
          return new Made(
              head, RevocationList.sign(authority, head, revoked, config.skew()), first);
        });
    ledger.transact(recording -> {
      boolean ours =
          store.replace(
              recording.tx(),
              authority.id(),
              made.head(),
              made.der(),
              now.plus(config.listFor().dividedBy(2)));
      if (ours) {
        for (var svid : made.first()) {
          if (svids.end(recording.tx(), svid.id(), now)) {
            recording.append(CertificateEntries.listed(svid, made.head().number(), now));
          }
        }
      }
      return ours;
    });
    remembered.remove(authority.id());
  }

  private static Finding.Sighting unlisted(String authority) {
    return new Finding.Sighting(
        "certificates-unlisted",
        authority,
        Finding.Severity.HIGH,
        "no list of revoked certificates can be made for authority " + authority,
        "see the server's log; if its key cannot be opened, `remit keys roll --certificates`",
        Role.SECURITY);
  }
}
