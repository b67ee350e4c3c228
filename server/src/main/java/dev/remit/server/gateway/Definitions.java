package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.registry.Tool;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What each server says of its tools now, against what was reviewed.
///
/// A tool whose definition differs from its pin is withheld from lists and refused in calls until
/// somebody has reviewed it: a changed description is how a server talks a model into misuse.
/// Remembered are the digests seen last; they are asked for anew once they are old, once the server
/// says that they have changed, and before the first call.
final class Definitions {
  private final ConcurrentHashMap<ResourceName, Seen> servers = new ConcurrentHashMap<>();
  private final Duration freshFor;

  /// What one server has said. Guarded by its lock.
  private static final class Seen {
    final ReentrantLock lock = new ReentrantLock();
    Map<String, Digest> tools = Map.of();
    @Nullable Instant at;
  }

  /// Asks a server for all of its tools.
  @FunctionalInterface
  interface Asking {
    /// Returns the digest of each tool by its name.
    ///
    /// @throws Unanswered if it does not tell
    Map<String, Digest> all() throws Unanswered;
  }

  /// The server did not tell its tools.
  static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;

    Unanswered(String why) {
      super(why);
    }
  }

  Definitions(Duration freshFor) {
    this.freshFor = freshFor;
  }

  /// Returns why `tool` must not be called, asking the server if what is known is too old.
  Optional<Refusal> check(Tool tool, Instant now, Asking asking) {
    var seen = servers.computeIfAbsent(tool.name().resource(), _ -> new Seen());
    seen.lock.lock();
    try {
      if (seen.at == null || !now.isBefore(seen.at.plus(freshFor))) {
        seen.tools = asking.all();
        seen.at = now;
      }
      return compare(tool, seen.tools.get(tool.name().tool()));
    } catch (Unanswered e) {
      return Optional.of(
          new Refusal.DefinitionUnknown(tool.name(), String.valueOf(e.getMessage())));
    } finally {
      seen.lock.unlock();
    }
  }

  /// Notes what a list that passed by has said of some tools.
  void observe(ResourceName resource, Map<String, Digest> some) {
    var seen = servers.computeIfAbsent(resource, _ -> new Seen());
    seen.lock.lock();
    try {
      var merged = new HashMap<>(seen.tools);
      merged.putAll(some);
      seen.tools = Map.copyOf(merged);
    } finally {
      seen.lock.unlock();
    }
  }

  /// Notes that the server's tools may have changed.
  void doubt(ResourceName resource) {
    var seen = servers.get(resource);
    if (seen != null) {
      seen.lock.lock();
      try {
        seen.at = null;
      } finally {
        seen.lock.unlock();
      }
    }
  }

  static Optional<Refusal> compare(Tool tool, @Nullable Digest now) {
    if (now == null) {
      return Optional.of(new Refusal.ToolGone(tool.name()));
    }
    return now.equals(tool.definition())
        ? Optional.empty()
        : Optional.of(new Refusal.DefinitionChanged(tool.name(), now));
  }
}
