package dev.remit.server.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.crypto.MasterKey;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The stored secrets, by name; their values here, or where somebody else keeps them ([Kept]).
///
/// Each value, and each reference to one, is encrypted under the [MasterKey] and bound to its name,
/// so a row copied to another name does not open. Whoever stores or deletes one is in the ledger;
/// the value never is.
///
/// Throws [dev.remit.server.store.DatabaseUnavailable] when the database is away; a value that was
/// altered or wrapped by another master key is an [IllegalStateException].
public final class Secrets {
  private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);

  /// How long a row is taken to be what is stored, where many calls present the same secret.
  private static final long LATELY_NANOS = 1_000_000_000;

  private final Database database;
  private final Ledger ledger;
  private final MasterKey key;
  private final Elsewhere elsewhere;
  private final SecretStore store = new SecretStore();

  /// What was read lately, as it is stored: nothing in it is open.
  private final ConcurrentHashMap<SecretName, Read> lately = new ConcurrentHashMap<>();

  private record Read(SecretStore.Found found, long atNanos) {}

  private final List<Runnable> storedToo = new CopyOnWriteArrayList<>();
  private final List<BiConsumer<SecretName, SecretValue>> openedToo = new CopyOnWriteArrayList<>();

  public Secrets(Database database, Ledger ledger, MasterKey key) {
    this(database, ledger, key, Elsewhere.nowhere());
  }

  /// @param elsewhere fetches what is not kept here
  public Secrets(Database database, Ledger ledger, MasterKey key, Elsewhere elsewhere) {
    this.database = database;
    this.ledger = ledger;
    this.key = key;
    this.elsewhere = elsewhere;
  }

  /// Stores `value` under `name`, replacing what was there.
  ///
  /// @param rotate whether it was found lying about and should be replaced at its source
  public void put(SecretName name, SecretValue value, boolean rotate, PersonName by, Instant now) {
    put(name, new Kept.Here(value), rotate, by, now);
  }

  /// Stores where the value of `name` is, replacing what was there.
  public void put(SecretName name, Kept kept, boolean rotate, PersonName by, Instant now) {
    var secret = new StoredSecret(name, rotate, by.value(), now);
    byte[] wrapped = key.wrap(text(kept).getBytes(UTF_8), purpose(name, kept.word()));
    changed(
        name,
        recording -> {
          store.put(recording.tx(), secret, kept.word(), wrapped);
          recording.append(
              entry(name, by.value(), now)
                  .with("rotate", rotate)
                  .with("kept", kept.word())
                  .with("sealed", Digest.of(wrapped)));
          return name;
        });
    storedToo.forEach(Runnable::run);
  }

  /// Calls `listener` after a secret was stored or replaced here.
  public void onStored(Runnable listener) {
    storedToo.add(listener);
  }

  /// Tells `listener` of each value that is opened. It must not block, and must not keep it.
  public void onOpened(BiConsumer<SecretName, SecretValue> listener) {
    openedToo.add(listener);
  }

  /// Stores the value by which an upstream has replaced the one under `name`. Whoever stored the
  /// first stays the one who did.
  ///
  /// @throws SecretUnavailable if it is not kept here, or not at all any more
  public void rotated(SecretName name, SecretValue value, Instant now) {
    byte[] wrapped = key.wrap(value.reveal().getBytes(UTF_8), purpose(name, "here"));
    boolean done =
        changed(
            name,
            recording -> {
              var by = store.replace(recording.tx(), name, wrapped, now);
              by.ifPresent(person ->
                  recording.append(
                      entry(name, person, now)
                          .with("rotate", false)
                          .with("kept", "here")
                          .with("rotated", true)
                          .with("sealed", Digest.of(wrapped))));
              return by.isPresent();
            });
    storedToo.forEach(Runnable::run);
    if (!done) {
      throw new SecretUnavailable(
          "the upstream replaces the secret `"
              + name
              + "` with each use, which is possible only where Remit keeps it; store it with `remit"
              + " secret put "
              + name
              + "`");
    }
  }

  /// Takes the turn at a secret that only one may use at a time, until `now` and `max` later; says
  /// whether it could. A secret that is not stored has no turn to wait for.
  public boolean lease(SecretName name, Instant now, Duration max) {
    return database.transact(tx -> store.lease(tx, name, now, now.plus(max))) || !exists(name);
  }

  /// Gives the turn on. If that fails, it runs out.
  public void release(SecretName name) {
    try {
      database.run(tx -> store.release(tx, name));
    } catch (DatabaseUnavailable e) {
      LOG.warn("the turn at secret {} was not given on and runs out: {}", name, e.getMessage());
    }
  }

  /// Returns the value, for one call; empty if nothing is stored under `name`.
  ///
  /// @throws SecretUnavailable if it is kept elsewhere and cannot be had from there
  public Optional<SecretValue> open(SecretName name) {
    var value =
        database
            .transact(tx -> store.find(tx, name))
            .map(found -> elsewhere.value(name, kept(name, found)));
    value.ifPresent(it -> openedToo.forEach(listener -> listener.accept(name, it)));
    return value;
  }

  /// Returns the value for one of many calls that present it, as it was stored at most a second
  /// ago: what is replaced or deleted at this node counts at once, at others after that second.
  ///
  /// @throws SecretUnavailable like [#needed]
  public SecretValue presented(SecretName name) {
    var known = lately.get(name);
    var read =
        known != null && System.nanoTime() - known.atNanos() < LATELY_NANOS ? known : read(name);
    var value = elsewhere.value(name, kept(name, read.found()));
    openedToo.forEach(listener -> listener.accept(name, value));
    return value;
  }

  private Read read(SecretName name) {
    long asked = System.nanoTime();
    var read =
        database
            .transact(tx -> store.find(tx, name))
            .map(found -> new Read(found, asked))
            .orElseThrow(() -> new SecretUnavailable("the secret `" + name + "` is not stored"));
    lately.put(name, read);
    return read;
  }

  /// Returns the value where it is kept here; empty if it is kept elsewhere, or nothing is stored.
  public Optional<SecretValue> openKeptHere(SecretName name) {
    return database
        .transact(tx -> store.find(tx, name))
        .flatMap(found ->
            kept(name, found) instanceof Kept.Here(var value)
                ? Optional.of(value)
                : Optional.empty());
  }

  /// Returns the value of a secret without which nothing goes on.
  ///
  /// @throws SecretUnavailable if nothing is stored under `name`, or it cannot be had from where it
  ///   is kept
  public SecretValue needed(SecretName name) {
    return open(name)
        .orElseThrow(() -> new SecretUnavailable("the secret `" + name + "` is not stored"));
  }

  /// Whether something is stored under `name`.
  public boolean exists(SecretName name) {
    return database.transact(tx -> store.find(tx, name)).isPresent();
  }

  /// Returns what is stored, without the values, by name.
  public List<StoredSecret> names() {
    return database.transact(store::all);
  }

  /// Returns where a secret's value is, without the value; empty if nothing is stored.
  public Optional<ObjectNode> place(SecretName name) {
    return database.transact(tx -> store.find(tx, name)).map(found -> kept(name, found).json());
  }

  /// Forgets the value for good and says whether there was one.
  public boolean delete(SecretName name, PersonName by, Instant now) {
    return changed(
        name,
        recording -> {
          boolean deleted = store.delete(recording.tx(), name);
          if (deleted) {
            recording.append(entry(name, by.value(), now).with("deleted", true));
          }
          return deleted;
        });
  }

  /// Whether it was stored or only said to have failed: what was read before counts no longer.
  private <T> T changed(SecretName name, Function<Recording, T> work) {
    try {
      return ledger.transact(work);
    } finally {
      lately.remove(name);
    }
  }

  private Kept kept(SecretName name, SecretStore.Found found) {
    var text = new String(key.unwrap(found.wrapped(), purpose(name, found.kept())), UTF_8);
    return found.kept().equals("here")
        ? new Kept.Here(new SecretValue(text))
        : Kept.read(JsonMapper.shared().readTree(text));
  }

  private static String text(Kept kept) {
    return kept instanceof Kept.Here(var value) ? value.reveal() : kept.json().toString();
  }

  private static Entry entry(SecretName name, String by, Instant now) {
    return Entry.of(EntryType.SECRET_STORED, now).with("secret", name.value()).with("by", by);
  }

  private static String purpose(SecretName name, String kept) {
    return (kept.equals("here") ? "secret/" : "secret-" + kept + "/") + name;
  }
}
