package dev.remit.server.credentials.oauth;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.HttpAuth;
import dev.remit.server.store.DatabaseUnavailable;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives a task's token back to its upstream (RFC 7009), a few times if need be, and records what
/// came of it and how long it took.
final class Returning {
  private static final Logger LOG = LoggerFactory.getLogger(Returning.class);
  private static final int ATTEMPTS_MAX = 3;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final InstantSource clock;
  private final Ledger ledger;
  private final TokenEndpoint endpoint;

  Returning(InstantSource clock, Ledger ledger, TokenEndpoint endpoint) {
    this.clock = clock;
    this.ledger = ledger;
    this.endpoint = endpoint;
  }

  void begin(
      ResourceName resource, HttpAuth.ClientCredentials declared, TaskId task, AccessToken token) {
    Thread.ofVirtual()
        .name("give back the token of " + task)
        .start(() -> giveBack(resource, declared, task, token));
  }

  private void giveBack(
      ResourceName resource, HttpAuth.ClientCredentials declared, TaskId task, AccessToken token) {
    long began = System.nanoTime();
    var outcome =
        declared.revokeAt().map(at -> revoked(at, declared.client(), token)).orElse("expires");
    try {
      ledger.append(
          Entry.of(EntryType.CREDENTIAL_RETURNED, clock.instant())
              .with("task", task.value())
              .with("resource", resource.value())
              .with("outcome", outcome)
              .with("expiresAt", token.expiresAt())
              .with("tookMicros", (System.nanoTime() - began) / 1_000));
    } catch (DatabaseUnavailable e) {
      LOG.warn("that the token of {} is {} could not be recorded", task, outcome);
    }
  }

  private String revoked(URI at, HttpAuth.OAuthClient whose, AccessToken token) {
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      try {
        endpoint.revoke(at, whose, token);
        return "revoked";
      } catch (SecretUnavailable | DatabaseUnavailable e) {
        LOG.warn("attempt {} to give a token back failed: {}", attempt, e.getMessage());
        LockSupport.parkNanos(PAUSE.multipliedBy(attempt).toNanos());
      }
    }
    return "failed";
  }
}
