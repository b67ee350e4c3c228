package dev.remit.server.tokens.proof;

import dev.remit.server.tokens.proof.ProofConfig.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whom each SPIFFE trust domain trusts to sign for its workloads, from a file or a bundle
/// endpoint.
///
/// A bundle is asked for again as often as it hints, and when a key id is not in it, but never more
/// often than [ProofConfig.Fetch#again]. One that hangs, lies or is away leaves what was known, for
/// at most [ProofConfig.Fetch#usableFor]; then nobody of the trust domain is believed. What a newer
/// bundle leaves out is not believed any more; an older one, by its sequence, changes nothing.
///
/// Source: SPIFFE Trust Domain and Bundle, sections 4 and 6; SPIFFE Federation, sections 4 and 5.2
/// (profile `https_web`).
final class TrustBundles {
  private static final Logger LOG = LoggerFactory.getLogger(TrustBundles.class);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ProofConfig.Fetch limits;
  private final DocumentFetch documents;
  private final Map<String, Domain> domains = new HashMap<>();

  TrustBundles(ProofConfig config) {
    this.limits = config.fetch();
    this.documents = new DocumentFetch(limits);
    config.bundles().forEach(bundle -> domains.put(bundle.trustDomain(), new Domain(bundle)));
  }

  sealed interface Found {
    record Trusted(SpiffeBundle bundle) implements Found {}

    record Unavailable(String why) implements Found {}
  }

  /// Returns the keys that sign JWT-SVIDs of a trust domain, asking for them where `kid` is new.
  Found jwtKeys(String trustDomain, Optional<String> kid, Instant now) {
    return of(trustDomain, bundle -> bundle.hasKey(kid), now);
  }

  /// Returns the authorities for X.509-SVIDs of a trust domain, asking for them where the one that
  /// `top` names as its issuer is new.
  Found authorities(String trustDomain, X509Certificate top, Instant now) {
    return of(trustDomain, bundle -> bundle.hasIssuerOf(top), now);
  }

  private interface Wanted {
    boolean isIn(SpiffeBundle bundle);
  }

  private Found of(String trustDomain, Wanted wanted, Instant now) {
    var domain = domains.get(trustDomain);
    return domain == null
        ? new Found.Unavailable("no bundle of trust domain " + trustDomain + " is configured")
        : domain.bundle(wanted, now);
  }

  private record Known(SpiffeBundle bundle, Instant at) {}

  /// One trust domain. Fields are guarded by `lock`, except that `known` may be read at any time.
  private final class Domain {
    private final Bundle source;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Known known;
    private @Nullable Instant askedAt;
    private String trouble = "it was not asked yet";

    Domain(Bundle source) {
      this.source = source;
    }

    Found bundle(Wanted wanted, Instant now) {
      var have = known;
      if (have != null && isFresh(have, now) && wanted.isIn(have.bundle())) {
        return new Found.Trusted(have.bundle());
      }
      lock.lock();
      try {
        return refreshed(wanted, now);
      } finally {
        lock.unlock();
      }
    }

    private Found refreshed(Wanted wanted, Instant now) {
      var have = known;
      boolean lately = askedAt != null && isWithin(askedAt, limits.again(), now);
      boolean old = have == null || !isFresh(have, now) || !wanted.isIn(have.bundle());
      if (old && !lately) {
        askedAt = now;
        ask(have, now);
        have = known;
      }
      return have != null && isWithin(have.at(), limits.usableFor(), now)
          ? new Found.Trusted(have.bundle())
          : new Found.Unavailable(
              "the bundle of trust domain " + source.trustDomain() + " cannot be had: " + trouble);
    }

    private void ask(@Nullable Known have, Instant now) {
      try {
        var next = SpiffeBundle.read(document(source));
        if (have != null && next.sequence() < have.bundle().sequence()) {
          throw new UnusableDocument("its spiffe_sequence went back");
        }
        known = new Known(next, now);
      } catch (UnusableDocument e) {
        trouble = e.reason();
        LOG.warn("the bundle of trust domain {} cannot be had: {}", source.trustDomain(), trouble);
      }
    }

    /// Whether it need not be asked for yet: for as long as it hints, within bounds.
    private boolean isFresh(Known have, Instant now) {
      var hinted = have.bundle().refreshHint().orElse(limits.freshFor());
      var most = limits.usableFor().dividedBy(2);
      return isWithin(have.at(), hinted.compareTo(most) < 0 ? hinted : most, now);
    }
  }

  private static boolean isWithin(Instant from, Duration duration, Instant now) {
    return Duration.between(from, now).compareTo(duration) < 0;
  }

  private JsonNode document(Bundle source) {
    return switch (source.from()) {
      case Bundle.From.Endpoint(var url) -> documents.json(url);
      case Bundle.From.File(var path) -> {
        try {
          if (Files.size(path) > limits.bytesMax()) {
            throw new UnusableDocument("the file has more than " + limits.bytesMax() + " bytes");
          }
          yield JSON.readTree(Files.readString(path));
        } catch (IOException | JacksonException e) {
          throw new UnusableDocument("the file cannot be read, or is not JSON");
        }
      }
    };
  }
}
