package dev.remit.server.ledger;

import dev.remit.server.store.Tx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The keys under which content is kept: one for each subject and UTC day, each wrapped by the
/// master key in a row of its own. Whoever destroys the row erases all that it wraps.
///
/// Writing asks no database: a fresh key is made in memory and its row is written with the first
/// batch that uses it. Reading finds the row beside the body, so a destroyed key is never used
/// again, at any node, whatever is remembered here. Nodes make their own keys and need not agree.
///
/// Source: `docs/formats/ledger-entry.md`, "Keys"; ADR 0025.
public final class SubjectKeys {
  private static final int REMEMBERED_MAX = 20_000;

  /// First byte of what [#seal] returns. What a master key has wrapped begins with Tink's 1.
  private static final byte BY_SUBJECT = 2;

  private final KeyWrap master;
  private final Map<Day, SubjectKey> current = remembering();
  private final Map<String, SubjectKey> opened = remembering();
  private volatile Function<String, Optional<String>> actsFor = _ -> Optional.empty();

  /// @param master wraps each subject's key
  SubjectKeys(KeyWrap master) {
    this.master = master;
  }

  /// Says for whom the agents of a workflow act, by name; asked once for each new key.
  public void actingFor(Function<String, Optional<String>> owner) {
    actsFor = owner;
  }

  /// What wraps the keys of subjects, and the log's own.
  KeyWrap master() {
    return master;
  }

  private record Day(Subject subject, Instant until) {}

  /// Returns the key for what is recorded about `subject` at `at`.
  ///
  /// Only a task's is remembered. What people write is rare, and a person's key may be destroyed on
  /// another node while they go on writing on this one; a task is over before it is erased.
  SubjectKey of(Subject subject, Instant at) {
    var until = at.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    if (subject.task().isEmpty()) {
      return fresh(subject, until, at);
    }
    var day = new Day(subject, until);
    var known = get(current, day);
    if (known != null) {
      return known;
    }
    // Not under the lock: the master key may be far away. Two at once make two keys, which is fine.
    var fresh = fresh(subject, until, at);
    put(current, day, fresh);
    return fresh;
  }

  private SubjectKey fresh(Subject subject, Instant until, Instant at) {
    var person = subject.person().or(() -> subject.workflow().flatMap(actsFor));
    var whole = new Subject(subject.task(), subject.workflow(), person);
    var name = SubjectKey.freshName(at);
    var key = SubjectKey.random(SubjectKey.LENGTH);
    return new SubjectKey(name, whole, until, master.wrap(key, purpose(name)), key, false);
  }

  /// Returns the key `name`, opened.
  ///
  /// @param wrapped the key as it is stored
  SubjectKey opening(String name, byte[] wrapped) {
    var known = get(opened, name);
    if (known != null) {
      return known;
    }
    var subject = new Subject(Optional.empty(), Optional.empty(), Optional.empty());
    var key =
        new SubjectKey(
            name, subject, Instant.MAX, wrapped, master.unwrap(wrapped, purpose(name)), true);
    put(opened, name, key);
    return key;
  }

  /// Returns `plain` encrypted so that erasing `subject` erases it, for a column that is no body of
  /// an entry. Writes the key's row where it may be missing.
  public byte[] seal(Tx tx, Subject subject, Instant at, byte[] plain, String purpose) {
    var key = of(subject, at);
    if (!key.isStored()) {
      SubjectKeyStore.insert(tx, key);
    }
    var name = key.name().getBytes(StandardCharsets.US_ASCII);
    var sealed = key.wrap(plain, purpose);
    return ByteBuffer.allocate(2 + name.length + sealed.length)
        .put(BY_SUBJECT)
        .put((byte) name.length)
        .put(name)
        .put(sealed)
        .array();
  }

  /// Returns what [#seal] was given, or what the master key itself has wrapped before there were
  /// keys of subjects; empty once it was erased.
  public Optional<byte[]> open(Tx tx, byte[] sealed, String purpose) {
    if (sealed[0] != BY_SUBJECT) {
      return Optional.of(master.unwrap(sealed, purpose));
    }
    var bytes = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
    var name = new byte[bytes.get()];
    bytes.get(name);
    var rest = new byte[bytes.remaining()];
    bytes.get(rest);
    var key = new String(name, StandardCharsets.US_ASCII);
    return SubjectKeyStore.wrapped(tx, key)
        .map(wrapped -> opening(key, wrapped).unwrap(rest, purpose));
  }

  /// Forgets keys that were destroyed.
  void forget(Set<String> names) {
    synchronized (current) {
      current.values().removeIf(key -> names.contains(key.name()));
    }
    synchronized (opened) {
      opened.keySet().removeAll(names);
    }
  }

  private static String purpose(String name) {
    return "remit subject key v1 " + name;
  }

  private static <K, V> @Nullable V get(Map<K, V> map, K key) {
    synchronized (map) {
      return map.get(key);
    }
  }

  private static <K, V> void put(Map<K, V> map, K key, V value) {
    synchronized (map) {
      map.put(key, value);
    }
  }

  /// The least recently used go first.
  private static <K, V> Map<K, V> remembering() {
    return new LinkedHashMap<>(64, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > REMEMBERED_MAX;
      }
    };
  }
}
