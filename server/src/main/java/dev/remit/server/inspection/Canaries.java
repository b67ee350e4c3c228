package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.CanaryId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.store.Database;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Canaries: planted, or declared where one was there already, listed and retired.
///
/// Each change is one transaction with its ledger entry, which has the digest of the encrypted
/// value and never the value. A value that Remit makes is told once, to whoever plants it.
public final class Canaries {
  /// How many may be looked for at once.
  public static final int STANDING_MAX = 10_000;

  /// Longest value that may be declared, in characters.
  public static final int VALUE_MAX = 4_096;

  private static final int LIST_MAX = 500;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final Ledger ledger;
  private final MasterKey key;
  private final CanaryStore store = new CanaryStore();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  public Canaries(Database database, Ledger ledger, MasterKey key) {
    this.database = database;
    this.ledger = ledger;
    this.key = key;
  }

  /// What comes of planting one.
  public sealed interface Planting {

    /// It is planted.
    ///
    /// @param value to be put where it should wait; nobody can ask for it again
    record Done(Canary canary, String value) implements Planting {}

    record TooMany() implements Planting {}
  }

  /// Plants one.
  ///
  /// @param declared a value that is there already, of at least 12 bytes; empty for a fresh one
  public Planting plant(
      Canary.Subject on,
      String name,
      PersonName owner,
      String place,
      Optional<String> declared,
      PersonName by,
      Instant now) {
    var value = declared.orElseGet(() -> CanaryToken.fresh(RANDOM));
    var canary =
        new Canary(
            CanaryId.fresh(now),
            on,
            name,
            owner,
            place,
            declared.isEmpty(),
            by,
            now,
            Optional.empty());
    byte[] wrapped = key.wrap(value.getBytes(UTF_8), purpose(canary.id()));
    boolean done =
        ledger.transact(recording -> {
          if (store.standing(recording.tx()) >= STANDING_MAX) {
            return false;
          }
          store.insert(recording.tx(), canary, wrapped);
          recording.append(
              entry(EntryType.CANARY_PLANTED, canary, by, now)
                  .with("owner", owner.value())
                  .with("planted", canary.planted())
                  .with("sealed", sealed(wrapped)),
              Body.of("place", place));
          return true;
        });
    if (!done) {
      return new Planting.TooMany();
    }
    listeners.forEach(Runnable::run);
    return new Planting.Done(canary, value);
  }

  /// Retires one: it is no longer looked for. Retiring a second time changes nothing and is not
  /// recorded again.
  ///
  /// @return the canary as it then is; empty if there is none
  public Optional<Canary> retire(CanaryId id, String reason, PersonName by, Instant now) {
    Optional<Canary> retired =
        ledger.transact(recording -> {
          if (store.retire(recording.tx(), id, by, now)) {
            var canary = store.find(recording.tx(), id).orElseThrow();
            recording.append(
                entry(EntryType.CANARY_RETIRED, canary, by, now), Body.of("reason", reason));
          }
          return store.find(recording.tx(), id);
        });
    listeners.forEach(Runnable::run);
    return retired;
  }

  /// Returns those that are looked for, then the newest of those that were retired; at most 500.
  public List<Canary> list() {
    return database.transact(tx -> store.newest(tx, LIST_MAX));
  }

  public Optional<Canary> find(CanaryId id) {
    return database.transact(tx -> store.find(tx, id));
  }

  /// The values of those that are looked for.
  Map<CanaryId, String> values() {
    var values = new HashMap<CanaryId, String>();
    database
        .transact(store::values)
        .forEach(
            (id, wrapped) -> values.put(id, new String(key.unwrap(wrapped, purpose(id)), UTF_8)));
    return values;
  }

  /// Calls `listener` after every change made here.
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  static String sealed(byte[] wrapped) {
    return Digest.of(wrapped).value();
  }

  private static String purpose(CanaryId id) {
    return "canary/" + id;
  }

  private static Entry entry(EntryType type, Canary canary, PersonName by, Instant now) {
    return Entry.of(type, now)
        .with("canary", canary.id().value())
        .with(canary.on().word(), canary.name())
        .with("by", by.value());
  }
}
