package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.CanaryId;
import dev.remit.kernel.identity.SecretKind;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.credentials.StoredSecret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Says of texts which secrets are in them, by formats and by what is kept here: stored secrets and
/// canaries. What it sees it can [note][Sightings#note].
///
/// What others have stored is learnt within [#REFRESH_SECONDS] seconds, what is stored or planted
/// on this node at once, and a value that is kept elsewhere when it is opened for a call.
public final class Inspection implements AutoCloseable {
  /// What stands where a secret was.
  public static final String MARK = "[redacted]";

  static final int REFRESH_SECONDS = 15;
  private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);
  private static final long STOP_MAX_MS = 5_000;

  private final Secrets secrets;
  private final Canaries canaries;
  private final Sightings sightings;
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  // Guarded by `lock`.
  private final Map<String, Stored> stored = new HashMap<>();
  private final Map<CanaryId, Known> planted = new HashMap<>();

  private volatile Scanner scanner = Scanner.OF_FORMATS;

  /// @param since when it was stored, of what is kept here; empty of what is kept elsewhere
  private record Stored(Optional<Instant> since, Optional<Known> known) {}

  /// Learns what is kept before it returns.
  public Inspection(Secrets secrets, Canaries canaries, Sightings sightings) {
    this.secrets = secrets;
    this.canaries = canaries;
    this.sightings = sightings;
    refresh();
    canaries.onChange(this::tryRefresh);
    secrets.onStored(this::tryRefresh);
    secrets.onOpened((name, value) -> opened(name.value(), value.reveal()));
    this.thread = Thread.ofVirtual().name("inspection").start(this::loop);
  }

  /// Where what was seen is noted.
  public Sightings sightings() {
    return sightings;
  }

  /// Looks at a text.
  public Exposed look(String text) {
    return scanner.scan(text.getBytes(UTF_8));
  }

  /// Looks at a whole JSON message, at names and values alike, and once more at what is JSON within
  /// its strings. Places in it mean nothing.
  public Exposed lookAtJson(byte[] message) {
    var now = scanner;
    byte[] text = JsonText.unescaped(message);
    var found = now.scan(text);
    // What was escaped is shorter without.
    if (text.length == message.length) {
      return found;
    }
    byte[] inner = JsonText.unescaped(text);
    if (inner.length == text.length) {
      return found;
    }
    var deeper = now.scan(inner);
    return deeper.count() > found.count() ? deeper : found;
  }

  /// Returns `text` with [#MARK] in place of every secret of these kinds.
  public String cut(String text, Set<SecretKind> kinds) {
    byte[] bytes = text.getBytes(UTF_8);
    var found = scanner.scan(bytes);
    if (found.found().stream().noneMatch(one -> kinds.contains(one.kind()))) {
      return text;
    }
    var out = new StringBuilder(text.length());
    int at = 0;
    for (var one : found.found()) {
      if (kinds.contains(one.kind())) {
        out.append(new String(bytes, at, one.start() - at, UTF_8)).append(MARK);
        at = one.end();
      }
    }
    return out.append(new String(bytes, at, bytes.length - at, UTF_8)).toString();
  }

  /// Cuts secrets of these kinds out of every text within `value`, in place. What stands in a name,
  /// or is made of two texts together, stays: look again.
  public JsonCut cut(JsonNode value, Set<SecretKind> kinds) {
    var count = new int[1];
    var clean = cut(value, kinds, count);
    return new JsonCut(clean, count[0]);
  }

  private JsonNode cut(JsonNode value, Set<SecretKind> kinds, int[] count) {
    switch (value) {
      case ObjectNode object -> {
        for (var name : List.copyOf(object.propertyNames())) {
          object.set(name, cut(object.get(name), kinds, count));
        }
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, cut(array.get(i), kinds, count));
        }
      }
      case StringNode text -> {
        var before = text.stringValue();
        var after = cut(before, kinds);
        if (!after.equals(before)) {
          count[0]++;
          return StringNode.valueOf(after);
        }
      }
      default -> {}
    }
    return value;
  }

  /// Looks at a text that comes in pieces, and changes none of it.
  public Watch watch() {
    return new Watch(scanner, Set.of());
  }

  /// Looks at a text that comes in pieces, and cuts secrets of these kinds out of it.
  public Watch watch(Set<SecretKind> cut) {
    return new Watch(scanner, cut);
  }

  /// Every kind there is.
  public static Set<SecretKind> everything() {
    return EnumSet.allOf(SecretKind.class);
  }

  /// Learns anew what is kept here and what is planted.
  void refresh() {
    lock.lock();
    try {
      var names = new HashMap<String, StoredSecret>();
      secrets.names().forEach(one -> names.put(one.name().value(), one));
      stored.keySet().retainAll(names.keySet());
      names.forEach((name, one) -> {
        var before = stored.get(name);
        if (before == null || !before.since().equals(Optional.of(one.storedAt()))) {
          stored.put(name, new Stored(Optional.of(one.storedAt()), keptHere(one)));
        }
      });
      planted.clear();
      canaries
          .values()
          .forEach((id, value) ->
              known(SecretKind.CANARY, id.value(), value).ifPresent(it -> planted.put(id, it)));
      rebuild();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Known> keptHere(StoredSecret secret) {
    try {
      return secrets
          .openKeptHere(secret.name())
          .flatMap(value -> known(SecretKind.STORED, secret.name().value(), value.reveal()));
    } catch (IllegalStateException e) {
      // Wrapped by another master key: it cannot be used in a call either.
      LOG.warn("the secret {} is not recognised: {}", secret.name(), e.getMessage());
      return Optional.empty();
    }
  }

  private void opened(String name, String value) {
    var now = known(SecretKind.STORED, name, value);
    lock.lock();
    try {
      var before = stored.get(name);
      boolean isKnown =
          before != null
              && before.known().map(Known::window).equals(now.map(Known::window))
              && before.known().map(Known::length).equals(now.map(Known::length));
      if (!isKnown) {
        stored.put(name, new Stored(before == null ? Optional.empty() : before.since(), now));
        rebuild();
      }
    } finally {
      lock.unlock();
    }
  }

  private void rebuild() {
    var all = new ArrayList<Known>(planted.values());
    stored.values().forEach(one -> one.known().ifPresent(all::add));
    scanner = new Scanner(new KnownValues(all));
  }

  private static Optional<Known> known(SecretKind kind, String what, String value) {
    byte[] bytes = value.strip().getBytes(UTF_8);
    return bytes.length < KnownValues.WINDOW
        ? Optional.empty()
        : Optional.of(KnownValues.of(kind, what, bytes));
  }

  private void tryRefresh() {
    try {
      refresh();
    } catch (RuntimeException e) {
      // What was known before stays known.
      LOG.warn("what is kept could not be learnt anew: {}", e.getMessage());
    }
  }

  private void loop() {
    try {
      while (!closed.await(REFRESH_SECONDS, TimeUnit.SECONDS)) {
        tryRefresh();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(STOP_MAX_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
