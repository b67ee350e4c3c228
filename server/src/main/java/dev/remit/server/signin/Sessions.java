package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Operators;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Who is signed in, at which browser.
///
/// A session ends when it is not used for a while, after its longest life, when its person signs
/// out, and for good when they are suspended or leave: that is asked each time it is used.
final class Sessions {
  /// How far the time of the last use may lag, so that not every page writes.
  private static final Duration SEEN_EVERY = Duration.ofMinutes(1);

  private final SignInConfig config;
  private final Database database;
  private final Ledger ledger;
  private final Operators people;
  private final SessionStore store = new SessionStore();

  Sessions(SignInConfig config, Database database, Ledger ledger, Operators people) {
    this.config = config;
    this.database = database;
    this.ledger = ledger;
    this.people = people;
  }

  /// Signs a person in and returns the browser with the secret that it has from now on. Whatever
  /// secret it had before opens nothing.
  ///
  /// @param how `password`, `passkey`, or the issuer that vouched
  /// @param shownAt when they showed who they are; empty where the issuer does not say
  Browser start(
      Operators.Active person, String how, Optional<Instant> shownAt, Browser before, Instant now) {
    var browser = Browser.fresh();
    var held =
        new SessionStore.Held(
            person.name(), person.epoch(), how, now, shownAt, now, now.plus(config.sessionMax()));
    ledger.transact(recording -> {
      store.prune(recording.tx(), now, now.minus(config.idleFor()));
      store.delete(recording.tx(), before.hash());
      store.add(recording.tx(), browser.hash(), held);
      recording.append(
          Entry.of(EntryType.SESSION_STARTED, now)
              .with("person", person.name().value())
              .with("how", how)
              .with("session", browser.hash())
              .withMaybe("shownAt", shownAt.map(Instant::toString))
              .with("expiresAt", held.endsAt()));
      return held;
    });
    return browser;
  }

  /// Returns who is signed in at `browser`, if anybody is.
  Optional<Session> of(Browser browser, Instant now) {
    if (!browser.known()) {
      return Optional.empty();
    }
    var found = database.transact(tx -> store.find(tx, browser.hash()));
    return found.flatMap(held -> current(held, browser.hash(), now));
  }

  private Optional<Session> current(SessionStore.Held held, Digest hash, Instant now) {
    if (!now.isBefore(held.endsAt()) || !now.isBefore(held.seenAt().plus(config.idleFor()))) {
      end(hash, held, "expired", now);
      return Optional.empty();
    }
    var person = people.active(held.person()).filter(one -> one.epoch() == held.epoch());
    if (person.isEmpty()) {
      end(hash, held, "person-inactive", now);
      return Optional.empty();
    }
    if (now.isAfter(held.seenAt().plus(SEEN_EVERY))) {
      database.run(tx -> store.seen(tx, hash, now));
    }
    return Optional.of(
        new Session(
            held.person(),
            person.get().roles(),
            held.how(),
            held.startedAt(),
            held.shownAt(),
            hash));
  }

  /// Signs out.
  void end(Browser browser, Instant now) {
    database
        .transact(tx -> store.find(tx, browser.hash()))
        .ifPresent(held -> end(browser.hash(), held, "signed-out", now));
  }

  private void end(Digest hash, SessionStore.Held held, String reason, Instant now) {
    ledger.transact(recording -> {
      boolean ended = store.delete(recording.tx(), hash);
      if (ended) {
        recording.append(
            Entry.of(EntryType.SESSION_ENDED, now)
                .with("person", held.person().value())
                .with("session", hash)
                .with("reason", reason));
      }
      return ended;
    });
  }
}
