package dev.remit.server.credentials.oauth;

import dev.remit.server.credentials.OutsideConfig;
import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.SecretValue;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.registry.HttpAuth;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Uses a refresh token. Read from top to bottom to know why none is lost.
///
/// A server that rotates refresh tokens takes the second use of one for theft and ends them all. So
/// one node uses a token at a time (a lease in its row), and the next one is stored, durably,
/// before the access token that came with it is used: whoever comes later finds the one that is
/// good. What could not be stored is kept in memory and stored first the next time. Only a process
/// that dies in between loses it; then the server refuses (`invalid_grant`) and a person signs in
/// again.
final class Refreshing {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final InstantSource clock;
  private final OutsideConfig limits;
  private final Secrets secrets;
  private final TokenEndpoint endpoint;
  private final ConcurrentHashMap<SecretName, Unstored> unstored = new ConcurrentHashMap<>();

  Refreshing(InstantSource clock, OutsideConfig limits, Secrets secrets, TokenEndpoint endpoint) {
    this.clock = clock;
    this.limits = limits;
    this.secrets = secrets;
    this.endpoint = endpoint;
  }

  /// What a server gave for `previous` and is in no row yet.
  private record Unstored(String previous, String next, AccessToken access) {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  AccessToken refresh(HttpAuth.RefreshToken declared) {
    var name = new SecretName(declared.refreshToken());
    lease(name);
    try {
      var current = secrets.needed(name).reveal();
      var left = unstored.get(name);
      if (left != null && current.equals(left.previous())) {
        return stored(name, left);
      }
      // Either it was stored and only reported lost, or a person has stored another one.
      unstored.remove(name);

      var granted = endpoint.refresh(declared, current);
      var next = granted.next().filter(given -> !given.equals(current));
      if (next.isEmpty()) {
        return granted.access();
      }
      var rotated = new Unstored(current, next.get(), granted.access());
      unstored.put(name, rotated);
      return stored(name, rotated);
    } finally {
      secrets.release(name);
    }
  }

  /// @throws dev.remit.server.store.DatabaseUnavailable and then it is tried again before anything
  private AccessToken stored(SecretName name, Unstored rotated) {
    secrets.rotated(name, new SecretValue(rotated.next()), clock.instant());
    unstored.remove(name, rotated);
    return rotated.access();
  }

  /// A node that died with the lease holds up the others for no longer than a question can take.
  private void lease(SecretName name) {
    long end = System.nanoTime() + limits.within().toNanos();
    while (!secrets.lease(name, clock.instant(), limits.within().multipliedBy(2))) {
      if (System.nanoTime() - end > 0) {
        throw new SecretUnavailable(
            "another node is using the refresh token `" + name + "`; try again in a moment");
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
