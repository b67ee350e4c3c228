package dev.remit.server.credentials;

import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Vault-compatible server, over its public HTTP API: reads KV version 2; leases, renews and
/// revokes what dynamic engines make.
///
/// A lease is shared by all that need it, renewed in its last third, and replaced when renewing
/// does not lengthen it. For one path one thread asks at a time. A process that dies leaves its
/// leases to their own end.
public final class Vault {
  private static final Logger LOG = LoggerFactory.getLogger(Vault.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final InstantSource clock;
  private final OutsideClient client;
  private final Duration within;
  private final URI url;
  private final String namespace;
  private final Token token;
  private final ConcurrentHashMap<String, Leased> leases = new ConcurrentHashMap<>();

  /// Where the token by which Remit reads is: a file that an agent of the vault keeps fresh, or
  /// what the server was started with.
  public sealed interface Token {
    record Given(SecretValue value) implements Token {}

    record InFile(Path path) implements Token {}
  }

  /// The server answers, and the answer is no.
  static final class Refused extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }

  /// @param namespace empty for none
  public Vault(InstantSource clock, OutsideConfig limits, URI url, String namespace, Token token) {
    this.clock = clock;
    this.client = new OutsideClient(limits);
    this.within = limits.within();
    this.url = url;
    this.namespace = namespace;
    this.token = token;
  }

  /// One path's lease and the turn at it.
  private static final class Leased {
    final ReentrantLock turn = new ReentrantLock();
    @Nullable Lease now;
  }

  private record Lease(String id, JsonNode data, Instant from, Duration life, boolean isRenewable) {
    Instant renewAt() {
      return from.plus(life.multipliedBy(2).dividedBy(3));
    }

    Instant endsAt() {
      return from.plus(life);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /// @throws Refused when the server says no
  /// @throws SecretUnavailable when it does not say anything that helps
  SecretValue kv(Kept.VaultKv at) {
    var answer = ask("GET", "/v1/" + at.mount() + "/data/" + at.path(), Optional.empty());
    if (!answer.isGood()) {
      throw refusal(answer, at.mount() + "/" + at.path());
    }
    return field(answer.json().at("/data/data"), at.field(), at.mount() + "/" + at.path());
  }

  /// @throws SecretUnavailable when there is no lease and none to be had
  SecretValue dynamic(Kept.VaultDynamic at) {
    var leased = leases.computeIfAbsent(at.path(), _ -> new Leased());
    if (!tookTurn(leased)) {
      throw new SecretUnavailable("the vault is being asked for `" + at.path() + "`; try again");
    }
    try {
      return field(current(leased, at.path()).data(), at.field(), at.path());
    } catch (Refused e) {
      throw new SecretUnavailable(String.valueOf(e.getMessage()));
    } finally {
      leased.turn.unlock();
    }
  }

  private boolean tookTurn(Leased leased) {
    try {
      return leased.turn.tryLock(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Lease current(Leased leased, String path) {
    var now = clock.instant();
    var lease = leased.now;
    if (lease != null && now.isBefore(lease.renewAt())) {
      return lease;
    }
    if (lease != null && now.isBefore(lease.endsAt())) {
      var renewed = renewed(lease, now);
      if (renewed.isPresent()) {
        leased.now = renewed.get();
        return renewed.get();
      }
    }
    try {
      var fresh = fresh(path, now);
      leased.now = fresh;
      if (lease != null) {
        revoke(lease);
      }
      return fresh;
    } catch (SecretUnavailable | Refused e) {
      if (lease != null && clock.instant().isBefore(lease.endsAt())) {
        LOG.warn("the lease of {} serves until it ends: {}", path, e.getMessage());
        return lease;
      }
      throw e;
    }
  }

  private Lease fresh(String path, Instant now) {
    var answer = ask("GET", "/v1/" + path, Optional.empty());
    if (!answer.isGood()) {
      throw refusal(answer, path);
    }
    var id = answer.json().path("lease_id").asString("");
    long seconds = answer.json().path("lease_duration").asLong(0);
    if (id.isEmpty() || seconds <= 0 || !answer.json().path("data").isObject()) {
      throw new SecretUnavailable("the vault answered with no lease at `" + path + "`");
    }
    return new Lease(
        id,
        answer.json().path("data"),
        now,
        Duration.ofSeconds(seconds),
        answer.json().path("renewable").asBoolean(false));
  }

  /// Empty when it is not any longer for it: its engine lets no lease live on for ever.
  private Optional<Lease> renewed(Lease lease, Instant now) {
    if (!lease.isRenewable()) {
      return Optional.empty();
    }
    try {
      var body =
          JSON.createObjectNode()
              .put("lease_id", lease.id())
              .put("increment", lease.life().toSeconds());
      var answer = ask("PUT", "/v1/sys/leases/renew", Optional.of(body.toString()));
      var life = Duration.ofSeconds(answer.json().path("lease_duration").asLong(0));
      boolean isLonger = now.plus(life).isAfter(lease.endsAt());
      return answer.isGood() && isLonger
          ? Optional.of(new Lease(lease.id(), lease.data(), now, life, true))
          : Optional.empty();
    } catch (SecretUnavailable e) {
      LOG.warn("a lease could not be renewed: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private void revoke(Lease lease) {
    try {
      var body = JSON.createObjectNode().put("lease_id", lease.id());
      var answer = ask("PUT", "/v1/sys/leases/revoke", Optional.of(body.toString()));
      if (!answer.isGood()) {
        LOG.warn("a lease was not revoked and ends by itself: status {}", answer.status());
      }
    } catch (SecretUnavailable e) {
      LOG.warn("a lease was not revoked and ends by itself: {}", e.getMessage());
    }
  }

  private OutsideClient.Answer ask(String method, String path, Optional<String> body) {
    var request =
        HttpRequest.newBuilder(URI.create(url.toString().replaceFirst("/+$", "") + path))
            .header("X-Vault-Token", token())
            .header("X-Vault-Request", "true")
            .method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
    if (!namespace.isEmpty()) {
      request.header("X-Vault-Namespace", namespace);
    }
    return client.ask("the vault", request.build());
  }

  private String token() {
    return switch (token) {
      case Token.Given(var value) -> value.reveal();
      case Token.InFile(var path) -> {
        try {
          yield Files.readString(path).strip();
        } catch (IOException e) {
          throw new SecretUnavailable("the vault's token cannot be read from its file");
        }
      }
    };
  }

  /// 5xx, and 429 from a standby, say nothing of the secret.
  private static RuntimeException refusal(OutsideClient.Answer answer, String path) {
    var status = answer.status();
    return switch (status) {
      case 400, 403 -> new Refused("the vault refuses `" + path + "` to Remit's token");
      case 404 -> new Refused("the vault has nothing at `" + path + "`");
      case 503 -> new SecretUnavailable("the vault is sealed or in maintenance");
      default -> new SecretUnavailable("the vault answered with status " + status);
    };
  }

  private static SecretValue field(JsonNode data, String field, String path) {
    var value = data.path(field);
    if (!value.isString()) {
      throw new Refused("the vault has no text `" + field + "` at `" + path + "`");
    }
    try {
      return new SecretValue(value.stringValue());
    } catch (IllegalArgumentException e) {
      throw new Refused("`" + field + "` at `" + path + "` in the vault is empty or too long");
    }
  }

  /// Gives back every lease that is held.
  void close() {
    for (var leased : leases.values()) {
      leased.turn.lock();
      try {
        if (leased.now != null) {
          revoke(leased.now);
          leased.now = null;
        }
      } finally {
        leased.turn.unlock();
      }
    }
  }
}
