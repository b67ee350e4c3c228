package dev.remit.server.credentials.oauth;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.credentials.OutsideClient;
import dev.remit.server.credentials.OutsideConfig;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.HttpAuth;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The access tokens that upstreams want, fetched when they are needed and kept in memory alone.
///
/// For one key one question is under way at a time, on a thread of its own: who asks meanwhile
/// waits for the same answer, and nobody waits for somebody else's. A failure is remembered for a
/// second, so that a token endpoint that is down is not asked by every call. Shortly before a token
/// expires the next is fetched; if that fails, the old one serves until it expires.
///
/// A token that is for one task is given back when the task is over ([#end]). A process that dies
/// leaves such a token to its own expiry, at most [OutsideConfig#tokenLifeMax] away.
public final class UpstreamTokens {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamTokens.class);
  private static final Duration FAILED_FOR = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final OutsideConfig limits;
  private final TokenEndpoint endpoint;
  private final Refreshing refreshing;
  private final Returning returning;
  private final ConcurrentHashMap<Key, AccessToken> tokens = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Key, Failed> failed = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Key, CompletableFuture<AccessToken>> flights =
      new ConcurrentHashMap<>();

  public UpstreamTokens(InstantSource clock, OutsideConfig limits, Secrets secrets, Ledger ledger) {
    this.clock = clock;
    this.limits = limits;
    this.endpoint =
        new TokenEndpoint(new OutsideClient(limits), limits, new ClientProof(secrets), clock);
    this.refreshing = new Refreshing(clock, limits, secrets, endpoint);
    this.returning = new Returning(clock, ledger, endpoint);
  }

  /// Whose token it is: what is declared otherwise needs another one.
  ///
  /// @param task empty where one token is for all
  private record Key(ResourceName resource, HttpAuth declared, Optional<TaskId> task) {}

  private record Failed(Instant until, String why) {}

  /// Returns a token by client credentials, for all or for `task`, as is declared.
  ///
  /// @throws SecretUnavailable when there is none, and why
  public AccessToken token(
      ResourceName resource, HttpAuth.ClientCredentials declared, TaskId task) {
    return token(key(resource, declared, task), () -> endpoint.fetch(declared).access());
  }

  /// Returns a token by refresh token.
  ///
  /// @throws SecretUnavailable when there is none, and why
  public AccessToken token(ResourceName resource, HttpAuth.RefreshToken declared) {
    var key = new Key(resource, declared, Optional.empty());
    return token(key, () -> refreshing.refresh(declared));
  }

  /// Forgets a token that an upstream has refused, unless another one has taken its place.
  public void refused(AccessToken token) {
    tokens.values().remove(token);
  }

  /// Gives back what is held for `task` at `resource`, aside.
  public void end(ResourceName resource, TaskId task) {
    // One that is just being fetched comes too late and goes at once.
    flights.forEach((key, flight) -> {
      if (isOf(key, resource, task)) {
        var _ = flight.thenRun(() -> giveBack(resource, task));
      }
    });
    giveBack(resource, task);
  }

  private static boolean isOf(Key key, ResourceName resource, TaskId task) {
    return key.resource().equals(resource) && key.task().equals(Optional.of(task));
  }

  private void giveBack(ResourceName resource, TaskId task) {
    tokens.forEach((key, token) -> {
      if (isOf(key, resource, task)
          && key.declared() instanceof HttpAuth.ClientCredentials declared
          && tokens.remove(key, token)) {
        returning.begin(key.resource(), declared, task, token);
      }
    });
  }

  private static Key key(ResourceName resource, HttpAuth.ClientCredentials declared, TaskId task) {
    return new Key(
        resource,
        declared,
        declared.per() == HttpAuth.Per.TASK ? Optional.of(task) : Optional.empty());
  }

  private AccessToken token(Key key, Supplier<AccessToken> fetch) {
    var now = clock.instant();
    var known = tokens.get(key);
    if (known != null && now.isBefore(known.refreshAt())) {
      return known;
    }
    try {
      return flown(key, fetch, now);
    } catch (SecretUnavailable e) {
      if (known != null && now.isBefore(known.expiresAt()) && known.equals(tokens.get(key))) {
        LOG.warn("{} gets its last token for a little longer: {}", key.resource(), e.getMessage());
        return known;
      }
      throw e;
    }
  }

  private AccessToken flown(Key key, Supplier<AccessToken> fetch, Instant now) {
    var before = failed.get(key);
    if (before != null && now.isBefore(before.until())) {
      throw new SecretUnavailable(before.why());
    }
    var mine = new CompletableFuture<AccessToken>();
    var theirs = flights.putIfAbsent(key, mine);
    if (theirs != null) {
      return landed(theirs);
    }
    Thread.ofVirtual().name("token of " + key.resource()).start(() -> fly(key, fetch, mine));
    return landed(mine);
  }

  private void fly(Key key, Supplier<AccessToken> fetch, CompletableFuture<AccessToken> flight) {
    try {
      var token = fetch.get();
      forgetExpired();
      failed.remove(key);
      tokens.put(key, token);
      flights.remove(key);
      flight.complete(token);
    } catch (SecretUnavailable | DatabaseUnavailable e) {
      fail(key, flight, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("no token for {}", key.resource(), e);
      fail(key, flight, "no token could be had for it; the server's log says why");
    }
  }

  private void fail(Key key, CompletableFuture<AccessToken> flight, String why) {
    failed.put(key, new Failed(clock.instant().plus(FAILED_FOR), why));
    flights.remove(key);
    flight.completeExceptionally(new SecretUnavailable(why));
  }

  /// What nobody asked for again would stay for good.
  private void forgetExpired() {
    var now = clock.instant();
    tokens.values().removeIf(token -> !now.isBefore(token.expiresAt()));
    failed.values().removeIf(failure -> !now.isBefore(failure.until()));
  }

  private AccessToken landed(CompletableFuture<AccessToken> flight) {
    try {
      // A flight may take its turn at the database and wait for another node besides the question.
      return flight.get(3 * limits.within().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new SecretUnavailable(
          Optional.ofNullable(e.getCause())
              .map(Throwable::getMessage)
              .orElse("no token could be had for it"));
    } catch (TimeoutException e) {
      throw new SecretUnavailable("its token is still being fetched; try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SecretUnavailable("its token was not waited for: the request has ended");
    }
  }
}
