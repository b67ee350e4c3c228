package dev.remit.server.tokens.proof;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The public keys of platforms, found by OpenID Connect discovery and remembered.
///
/// One fetch at a time and at most one in [ProofConfig.Fetch#again] for each platform, however many
/// proofs ask and whatever key ids they invent. A platform that hangs, lies or is away keeps its
/// last keys for a while; it never keeps a thread longer than the timeout.
///
/// Source: OpenID Connect Discovery 1.0, sections 3 and 4; RFC 7517.
final class PlatformKeys {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformKeys.class);
  private static final int KEYS_MAX = 64;

  private final ProofConfig.Fetch limits;
  private final DocumentFetch documents;
  private final boolean ofKeySets;
  private final Map<URI, Platform> platforms = new ConcurrentHashMap<>();

  PlatformKeys(ProofConfig.Fetch limits) {
    this(limits, false);
  }

  private PlatformKeys(ProofConfig.Fetch limits, boolean ofKeySets) {
    this.ofKeySets = ofKeySets;
    this.limits = limits;
    this.documents = new DocumentFetch(limits);
  }

  /// The same for key sets whose own address is known: nothing is discovered.
  static PlatformKeys ofKeySets(ProofConfig.Fetch limits) {
    return new PlatformKeys(limits, true);
  }

  sealed interface Found {
    record Keys(List<JWK> keys) implements Found {}

    record Unavailable(String why) implements Found {}
  }

  /// Returns the keys of a declared issuer, asking it where what is known is old or lacks `kid`.
  Found of(URI issuer, Optional<String> kid, Instant now) {
    return platforms.computeIfAbsent(issuer, Platform::new).keys(kid, now);
  }

  private record Known(List<JWK> keys, Instant at) {

    boolean has(Optional<String> kid) {
      return kid.isEmpty() || keys.stream().anyMatch(key -> kid.get().equals(key.getKeyID()));
    }
  }

  /// One issuer. Fields are guarded by `lock`, except that `known` may be read at any time.
  private final class Platform {
    private final URI issuer;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Known known;
    private @Nullable Instant askedAt;
    private String trouble = "it was not asked yet";

    Platform(URI issuer) {
      this.issuer = issuer;
    }

    Found keys(Optional<String> kid, Instant now) {
      var have = known;
      if (have != null && have.has(kid) && isWithin(have.at(), limits.freshFor(), now)) {
        return new Found.Keys(have.keys());
      }
      lock.lock();
      try {
        return refreshed(kid, now);
      } finally {
        lock.unlock();
      }
    }

    private Found refreshed(Optional<String> kid, Instant now) {
      var have = known;
      boolean lately = askedAt != null && isWithin(askedAt, limits.again(), now);
      if (!lately
          && (have == null || !have.has(kid) || !isWithin(have.at(), limits.freshFor(), now))) {
        askedAt = now;
        ask(now);
        have = known;
      }
      if (have != null && isWithin(have.at(), limits.usableFor(), now)) {
        return new Found.Keys(have.keys());
      }
      return new Found.Unavailable(trouble);
    }

    private void ask(Instant now) {
      try {
        known = new Known(fetch(issuer), now);
      } catch (UnusableDocument e) {
        trouble = e.reason();
        LOG.warn("the keys of issuer {} cannot be had: {}", issuer, trouble);
      }
    }
  }

  private static boolean isWithin(Instant from, Duration duration, Instant now) {
    return Duration.between(from, now).compareTo(duration) < 0;
  }

  private List<JWK> fetch(URI issuer) {
    if (ofKeySets) {
      return keys(documents.json(issuer));
    }
    var base = issuer.toString();
    var well = (base.endsWith("/") ? base : base + "/") + ".well-known/openid-configuration";
    var metadata = documents.json(URI.create(well));
    if (!base.equals(metadata.path("issuer").asString(""))) {
      throw new UnusableDocument("its discovery document names another issuer");
    }
    return keys(documents.json(jwksUri(metadata)));
  }

  private static URI jwksUri(JsonNode metadata) {
    try {
      return URI.create(metadata.path("jwks_uri").asString(""));
    } catch (IllegalArgumentException e) {
      throw new UnusableDocument("its discovery document has no usable `jwks_uri`");
    }
  }

  private static List<JWK> keys(JsonNode document) {
    try {
      var keys =
          JWKSet.parse(document.toString()).getKeys().stream()
              .filter(key -> !key.isPrivate())
              .limit(KEYS_MAX + 1)
              .toList();
      if (keys.isEmpty() || keys.size() > KEYS_MAX) {
        throw new UnusableDocument("its key set has no public key, or more than " + KEYS_MAX);
      }
      return keys;
    } catch (ParseException e) {
      throw new UnusableDocument("its key set is not a JWK set");
    }
  }
}
