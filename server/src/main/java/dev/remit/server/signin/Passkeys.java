package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Operators;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The passkeys of people with local accounts: added by who is signed in, shown instead of a
/// password, removed.
final class Passkeys {
  static final String ADD = "add";
  static final String SHOW = "show";
  private static final int EACH_MAX = 10;

  private final Database database;
  private final Ledger ledger;
  private final Findings findings;
  private final Operators people;
  private final Authenticators authenticators;
  private final PasskeyStore store = new PasskeyStore();

  Passkeys(
      SignInConfig config, Database database, Ledger ledger, Findings findings, Operators people) {
    this.database = database;
    this.ledger = ledger;
    this.findings = findings;
    this.people = people;
    this.authenticators = new Authenticators(config.publicUrl());
  }

  /// By what an authenticator knows a person: nothing that tells a stranger who it is.
  static byte[] handle(PersonName person) {
    return Digest.of("remit person " + person).bytes();
  }

  List<PasskeyStore.Kept> of(PersonName person) {
    return database.transact(tx -> store.of(tx, person));
  }

  /// What came of adding one.
  sealed interface Added {
    record Done() implements Added {}

    record TooMany(int most) implements Added {}

    record Refused(String why) implements Added {}
  }

  /// Adds what an authenticator has made for `person`.
  Added add(PersonName person, String label, String answer, Browser browser, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    return switch (authenticators.added(answer, ours(browser, ADD, now))) {
      case Authenticators.Read.Bad(var why) -> new Added.Refused(why);
      case Authenticators.Read.Copied() -> new Added.Refused("it is a copy");
      case Authenticators.Read.Good good -> add(person, label, good, now);
    };
  }

  private Added add(PersonName person, String label, Authenticators.Read.Good good, Instant now) {
    var fresh =
        new PasskeyStore.Kept(
            good.id(), person, label, good.credential(), good.counter(), now, Optional.empty());
    return ledger.transact(recording -> {
      if (store.of(recording.tx(), person).size() >= EACH_MAX) {
        return new Added.TooMany(EACH_MAX);
      }
      if (!Challenges.spend(recording.tx(), good.challenge(), now)) {
        return new Added.Refused("its challenge was used before");
      }
      if (!store.add(recording.tx(), fresh)) {
        return new Added.Refused("it is known already");
      }
      recording.append(
          Entry.of(EntryType.PASSKEY_ADDED, now)
              .with("passkey", fresh.id())
              .with("person", person.value())
              .with("key", Digest.of(fresh.credential()))
              .with("by", person.value()),
          Body.of("label", label));
      return new Added.Done();
    });
  }

  /// Removes one of a person's own; of others' it knows nothing.
  boolean remove(PersonName person, String id, Instant now) {
    return ledger.transact(recording -> {
      boolean removed = store.remove(recording.tx(), id, person);
      if (removed) {
        recording.append(
            Entry.of(EntryType.PASSKEY_REMOVED, now)
                .with("passkey", id)
                .with("person", person.value())
                .with("by", person.value()));
      }
      return removed;
    });
  }

  /// What came of showing one.
  sealed interface Shown {
    record Known(Operators.Active person) implements Shown {}

    record Inactive() implements Shown {}

    /// Nobody is told what of it was wrong; the ledger is.
    record Wrong() implements Shown {}
  }

  /// Says whose passkey has signed.
  Shown show(String answer, Browser browser, Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    var kept =
        authenticators.idOf(answer).flatMap(id -> database.transact(tx -> store.find(tx, id)));
    if (kept.isEmpty()) {
      return wrong("passkey-unknown", now);
    }
    return switch (authenticators.shown(answer, kept.get(), ours(browser, SHOW, now))) {
      case Authenticators.Read.Bad _ -> wrong("passkey", now);
      case Authenticators.Read.Copied() -> copied(kept.get(), now);
      case Authenticators.Read.Good good -> shown(kept.get(), good, now);
    };
  }

  private Shown shown(PasskeyStore.Kept kept, Authenticators.Read.Good good, Instant now) {
    boolean once =
        database.transact(tx ->
            Challenges.spend(tx, good.challenge(), now)
                && store.used(tx, kept, good.counter(), now));
    if (!once) {
      return wrong("passkey-replayed", now);
    }
    var person = people.active(kept.person());
    if (person.isEmpty()) {
      var _ = wrong("person-inactive", now);
      return new Shown.Inactive();
    }
    return new Shown.Known(person.get());
  }

  /// Whoever has copied a key has signed with it elsewhere; which of the two this is, nobody knows.
  private Shown copied(PasskeyStore.Kept kept, Instant now) {
    findings.raise(
        new Finding.Sighting(
            "passkey-copied",
            kept.person() + " " + kept.id(),
            Finding.Severity.HIGH,
            "a passkey of %s signed with a counter that has not grown: there may be a copy of it"
                .formatted(kept.person()),
            "have %s remove the passkey at /sign-in/passkeys and add another; ask what was done as them"
                .formatted(kept.person()),
            Role.SECURITY),
        now);
    return wrong("passkey-copied", now);
  }

  private Shown wrong(String reason, Instant now) {
    ledger.append(
        Entry.of(EntryType.SIGNIN_REFUSED, now).with("how", "passkey").with("reason", reason));
    return new Shown.Wrong();
  }

  private static Predicate<String> ours(Browser browser, String purpose, Instant now) {
    return challenge -> Challenges.isOurs(challenge, browser, purpose, now);
  }

  static String encoded(String text) {
    return Authenticators.base64(text.getBytes(StandardCharsets.UTF_8));
  }
}
