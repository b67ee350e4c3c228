package dev.remit.server.tokens.proof;

import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks platform proofs against the registry: which identity is this?
///
/// Four kinds. An identity signs a JWT with its registered key: `iss` and `sub` are its SPIFFE ID,
/// `aud` is this server alone, it lives minutes and is used once (RFC 7523). A platform vouches
/// with a JWT of its OpenID Connect issuer, which must agree with everything that an identity's
/// `authenticatesBy` says. A SPIFFE implementation vouches with an SVID, by the bundle of its trust
/// domain. Or a client connects with its certificate ([Certificates]). Who matches nobody, or two,
/// is refused.
public final class Proofs {
  private static final int JTI_CHARS_MAX = 256;

  private final ProofConfig config;
  private final PlatformKeys platformKeys;
  private final TrustBundles bundles;
  private final Certificates certificates;
  private final KeyVerifiers verifiers = new KeyVerifiers();
  private volatile @Nullable TrustedPlatforms trusted;

  public Proofs(ProofConfig config) {
    this.config = config;
    this.platformKeys = new PlatformKeys(config.fetch());
    this.bundles = new TrustBundles(config);
    this.certificates = new Certificates(config.clientAuthorities(), bundles);
  }

  /// Asks `own` from now on about certificates that this server has issued.
  public void certifiedBy(OwnCertificates own) {
    certificates.certifiedBy(own);
  }

  /// Returns the names of the algorithms that a proof may be signed with.
  public static List<String> algorithms() {
    return SignedProof.ALGORITHMS.stream().map(algorithm -> algorithm.getName()).sorted().toList();
  }

  /// Says who `jwt` shows somebody to be. May ask the platform for its keys.
  public ProofCheck check(String jwt, Registered registered, Instant now) {
    return switch (SignedProof.parse(jwt)) {
      case SignedProof.Parsed.Malformed(var reasonCode, var detail) ->
          new ProofCheck.Refused(reasonCode, detail);
      case SignedProof.Parsed.Proof(var proof) -> check(proof, registered, now);
    };
  }

  /// Says whether a client that connected with `chain`, its own certificate first, is `clientId`.
  /// May ask for the bundle of a trust domain.
  public ProofCheck check(
      SpiffeId clientId, List<X509Certificate> chain, Registered registered, Instant now) {
    return certificates.check(clientId, chain, registered, now);
  }

  private ProofCheck check(SignedProof proof, Registered registered, Instant now) {
    var issuer = proof.claims().text("iss").orElse("");
    if (proof.type().filter("at+jwt"::equalsIgnoreCase).isPresent()) {
      return new ProofCheck.Refused(
          "proof-is-a-token", "an access token proves nothing about who holds it; sign a proof");
    }
    if (issuer.startsWith("spiffe://")) {
      return own(proof, issuer, registered, now);
    }
    var svid = proof.claims().text("sub").flatMap(Proofs::spiffeId);
    var vouched = svid.flatMap(id -> trusted(registered).bySvid(id));
    return vouched.isPresent()
        ? svid(proof, svid.orElseThrow(), vouched.get(), now)
        : platform(proof, issuer, registered, now);
  }

  // A JWT-SVID (JWT-SVID specification, sections 3 and 4).

  private ProofCheck svid(SignedProof proof, SpiffeId id, Identity identity, Instant now) {
    if (proof.type().filter(type -> !type.equals("JWT") && !type.equals("JOSE")).isPresent()) {
      return new ProofCheck.Refused("proof-header", "the typ of a JWT-SVID is JWT, JOSE or none");
    }
    return switch (bundles.jwtKeys(id.trustDomain(), proof.keyId(), now)) {
      case TrustBundles.Found.Unavailable(var why) ->
          new ProofCheck.Refused("bundle-unavailable", why);
      case TrustBundles.Found.Trusted(var bundle) -> {
        if (proof.keyId().isEmpty()
            || proof.candidates(bundle.jwtKeys()).stream()
                .noneMatch(key -> proof.verifies(verifiers.of(key)))) {
          yield new ProofCheck.Refused(
              "proof-signature", "the SVID is not signed by a key in its trust domain's bundle");
        }
        if (!proof.claims().audiences().contains(config.issuer().toString())) {
          yield new ProofCheck.Refused("proof-audience", "`aud` must hold " + config.issuer());
        }
        yield times(proof.claims(), config.platformLifetimeMax(), now)
            .map(refused -> (ProofCheck) refused)
            .orElseGet(() ->
                new ProofCheck.Proven(
                    identity, Optional.empty(), Digest.of(id.value()), Optional.empty()));
      }
    };
  }

  // An identity's own key.

  private ProofCheck own(SignedProof proof, String issuer, Registered registered, Instant now) {
    var identity = spiffeId(issuer).flatMap(registered::identity);
    if (identity.isEmpty() || !proof.claims().text("sub").equals(Optional.of(issuer))) {
      return new ProofCheck.Refused(
          "identity-unknown",
          "`iss` and `sub` must both be the SPIFFE ID of a registered identity");
    }
    var key =
        proof.candidates(ownKeys(identity.get())).stream()
            .filter(one -> proof.verifies(verifiers.of(one)))
            .findFirst();
    if (key.isEmpty()) {
      return new ProofCheck.Refused(
          "proof-signature", "the proof is not signed by a key that the identity has registered");
    }
    if (!proof.claims().audiences().equals(List.of(config.issuer().toString()))) {
      return new ProofCheck.Refused("proof-audience", "`aud` must be exactly " + config.issuer());
    }
    return times(proof.claims(), config.ownLifetimeMax(), now)
        .map(refused -> (ProofCheck) refused)
        .orElseGet(() -> once(proof.claims(), identity.get(), key.get()));
  }

  private static Optional<SpiffeId> spiffeId(String text) {
    try {
      return Optional.of(new SpiffeId(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<JWK> ownKeys(Identity identity) {
    return identity.authenticatesBy().stream()
        .flatMap(way ->
            switch (way) {
              case Authentication.PrivateKeyJwt(var keys) -> keys.stream();
              case Authentication.Oidc _,
                  Authentication.TlsClient _,
                  Authentication.SelfSignedTls _,
                  Authentication.Spiffe _,
                  Authentication.SignIn _ ->
                  Stream.<JWK>empty();
            })
        .toList();
  }

  private ProofCheck once(Claims claims, Identity identity, JWK key) {
    var jti = claims.text("jti").orElse("");
    if (jti.isEmpty() || jti.length() > JTI_CHARS_MAX) {
      return new ProofCheck.Refused(
          "proof-jti", "the proof needs a `jti` of 1 to " + JTI_CHARS_MAX + " characters");
    }
    var expiresAt = claims.time("exp").orElseThrow().plus(config.skew());
    var proof = Digest.of(identity.spiffeId() + "\n" + jti);
    return new ProofCheck.Proven(
        identity,
        Optional.of(new ProofCheck.Once(proof, expiresAt)),
        KeyVerifiers.digest(key),
        Optional.of(Authentication.thumbprint(key)));
  }

  // A platform's issuer.

  private ProofCheck platform(
      SignedProof proof, String issuer, Registered registered, Instant now) {
    var trusted = trusted(registered);
    if (!trusted.trusts(issuer)) {
      // Also the end of every invented issuer: only declared ones are ever fetched from.
      return new ProofCheck.Refused(
          "issuer-unknown", "no registered identity is authenticated by the proof's issuer");
    }
    return switch (platformKeys.of(URI.create(issuer), proof.keyId(), now)) {
      case PlatformKeys.Found.Unavailable(var why) ->
          new ProofCheck.Refused(
              "issuer-unavailable", "the issuer's keys cannot be had now: " + why);
      case PlatformKeys.Found.Keys(var keys) ->
          proof.candidates(keys).stream().anyMatch(key -> proof.verifies(verifiers.of(key)))
              ? matched(proof.claims(), trusted, registered, now)
              : new ProofCheck.Refused(
                  "proof-signature", "the proof is not signed by a key that its issuer publishes");
    };
  }

  private ProofCheck matched(
      Claims claims, TrustedPlatforms trusted, Registered registered, Instant now) {
    var untimely = times(claims, config.platformLifetimeMax(), now);
    if (untimely.isPresent()) {
      return untimely.get();
    }
    var person = PersonSigns.in(claims, registered);
    if (person.isPresent()) {
      return new ProofCheck.Refused(
          "person-principal",
          "a workload never signs in as a person, and this proof is a person's: " + person.get());
    }
    var issuer = claims.text("iss").orElse("");
    var found =
        trusted.matches(issuer, claims.text("sub").orElse("")).stream()
            .filter(match -> agrees(claims, match.way()))
            .map(TrustedPlatforms.Match::identity)
            .distinct()
            .toList();
    return switch (found.size()) {
      case 0 ->
          new ProofCheck.Refused(
              "identity-unknown",
              "no identity has this audience, subject and claims in its authenticatesBy");
      case 1 ->
          new ProofCheck.Proven(
              found.getFirst(),
              Optional.empty(),
              Digest.of(issuer + "\n" + claims.text("sub").orElse("")),
              Optional.empty());
      default ->
          new ProofCheck.Refused(
              "identity-ambiguous",
              "the proof matches "
                  + found.size()
                  + " identities; give each its own subject or claims");
    };
  }

  private TrustedPlatforms trusted(Registered registered) {
    var known = trusted;
    if (known == null || !known.isOf(registered)) {
      known = new TrustedPlatforms(registered);
      trusted = known;
    }
    return known;
  }

  private static boolean agrees(Claims claims, Authentication.Oidc way) {
    return claims.audiences().contains(way.audience())
        && way.claims().entrySet().stream()
            .allMatch(condition -> claims.holds(condition.getKey(), condition.getValue()));
  }

  // Both.

  private Optional<ProofCheck.Refused> times(Claims claims, Duration lifetimeMax, Instant now) {
    var expiresAt = claims.time("exp");
    if (expiresAt.isEmpty()) {
      return refused("proof-eternal", "the proof has no `exp`; use one that expires");
    }
    if (!now.minus(config.skew()).isBefore(expiresAt.get())) {
      return refused("proof-expired", "the proof has expired; make a new one");
    }
    for (var claim : List.of("nbf", "iat")) {
      if (claims.time(claim).filter(now.plus(config.skew())::isBefore).isPresent()) {
        return refused(
            "proof-from-the-future", "the proof's `" + claim + "` is in the future; check clocks");
      }
    }
    var from = claims.time("iat").orElse(now);
    if (Duration.between(from, expiresAt.get()).compareTo(lifetimeMax.plus(config.skew())) > 0) {
      return refused(
          "proof-long-lived", "the proof lives longer than " + lifetimeMax + "; make it shorter");
    }
    return Optional.empty();
  }

  private static Optional<ProofCheck.Refused> refused(String reasonCode, String detail) {
    return Optional.of(new ProofCheck.Refused(reasonCode, detail));
  }
}
