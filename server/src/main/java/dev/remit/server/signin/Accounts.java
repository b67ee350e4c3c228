package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Operators;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Passwords of people without an identity provider. Nobody is given one: an administrator makes a
/// link, and whoever opens it first chooses the password.
final class Accounts {
  static final Duration LINK_LIFETIME = Duration.ofHours(24);

  private final Database database;
  private final Ledger ledger;
  private final Operators people;
  private final Passwords passwords = new Passwords();
  private final AccountStore store = new AccountStore();

  Accounts(Database database, Ledger ledger, Operators people) {
    this.database = database;
    this.ledger = ledger;
    this.people = people;
  }

  /// Returns the secret of a link for `person`, in place of any that was made before.
  String invite(PersonName person, PersonName by, Instant now) {
    var secret = Browser.random();
    database.run(tx ->
        store.add(
            tx,
            Digest.of(secret),
            new AccountStore.Link(person, by),
            now.plus(LINK_LIFETIME),
            now));
    return secret;
  }

  /// Returns whose link this is; empty if it was used, or is too old, or nobody's.
  Optional<PersonName> invited(String secret, Instant now) {
    return database
        .transact(tx -> store.find(tx, Digest.of(secret), now))
        .map(AccountStore.Link::person);
  }

  /// Sets the password of whose link it is, ends every session of theirs, and uses the link up.
  ///
  /// @return empty if the link is not good any more
  Optional<PersonName> choose(String secret, String password, Instant now) {
    var hash = passwords.hash(password);
    return ledger.transact(recording -> {
      var link = store.take(recording.tx(), Digest.of(secret), now);
      link.ifPresent(one -> {
        store.set(recording.tx(), one.person(), hash, one.by(), now);
        store.forgetFailures(recording.tx(), one.person());
        recording.append(
            Entry.of(EntryType.ACCOUNT_SET, now)
                .with("person", one.person().value())
                .with("sealed", Digest.of(hash))
                .with("by", one.by().value()));
      });
      return link.map(AccountStore.Link::person);
    });
  }

  boolean hasPassword(PersonName person) {
    return database.transact(tx -> store.hash(tx, person)).isPresent();
  }

  /// What came of a name and a password.
  sealed interface Tried {
    record Known(Operators.Active person) implements Tried {}

    /// The password is right, and the person may not act.
    record Inactive() implements Tried {}

    record Wrong() implements Tried {}

    /// Too many were wrong; nothing was compared.
    record TooMany() implements Tried {}
  }

  Tried signIn(PersonName name, String password, Instant now) {
    if (!database.transact(tx -> store.mayTry(tx, name, now))) {
      refused(name, "too-many", now);
      return new Tried.TooMany();
    }
    var hash = database.transact(tx -> store.hash(tx, name));
    if (hash.isEmpty()) {
      passwords.pretend(password);
      refused(name, "password", now);
      return new Tried.Wrong();
    }
    if (password.length() > 4 * Passwords.CHARS_MAX || !passwords.matches(password, hash.get())) {
      refused(name, "password", now);
      return new Tried.Wrong();
    }
    var person = people.active(name);
    if (person.isEmpty()) {
      refused(name, "person-inactive", now);
      return new Tried.Inactive();
    }
    database.run(tx -> store.forgetFailures(tx, name));
    return new Tried.Known(person.get());
  }

  private void refused(PersonName name, String reason, Instant now) {
    ledger.append(
        Entry.of(EntryType.SIGNIN_REFUSED, now)
            .with("person", name.value())
            .with("how", "password")
            .with("reason", reason));
  }
}
