package dev.remit.server.tokens.proof;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Checks what the organisation's identity provider says of a person who signed in there.
///
/// Source: OpenID Connect Core 1.0, sections 2 and 3.1.3.7. Signatures, keys and their fetching are
/// those of platforms' proofs.
public final class IdTokens {
  private static final Duration AGE_MAX = Duration.ofMinutes(10);

  private final Duration skew;
  private final PlatformKeys keys;
  private final KeyVerifiers verifiers = new KeyVerifiers();

  /// Asks issuers for their keys within the limits of `config`.
  public IdTokens(ProofConfig config) {
    this.skew = config.skew();
    this.keys = new PlatformKeys(config.fetch());
  }

  /// What an ID token is worth.
  public sealed interface Verdict {

    /// It holds.
    ///
    /// @param claims of a person; signed by the issuer for us, now, for this very sign-in
    record Good(JsonNode claims) implements Verdict {}

    /// It does not hold.
    ///
    /// @param why in words for the administrator; holds nothing of the token
    record Bad(String why) implements Verdict {}
  }

  /// Says whether `token` is what `issuer` says to `client` in answer to `nonce`.
  public Verdict check(String token, URI issuer, String client, String nonce, Instant now) {
    return switch (SignedProof.parse(token)) {
      case SignedProof.Parsed.Malformed(_, var detail) -> new Verdict.Bad(detail);
      case SignedProof.Parsed.Proof(var proof) ->
          wrong(proof.claims(), issuer, client, nonce, now)
              .or(() -> unsigned(proof, issuer, now))
              .<Verdict>map(Verdict.Bad::new)
              .orElseGet(() -> new Verdict.Good(proof.claims().json()));
    };
  }

  private Optional<String> unsigned(SignedProof proof, URI issuer, Instant now) {
    return switch (keys.of(issuer, proof.keyId(), now)) {
      case PlatformKeys.Found.Unavailable(var why) ->
          Optional.of("the identity provider's keys cannot be had now: " + why);
      case PlatformKeys.Found.Keys(var published) ->
          proof.candidates(published).stream().anyMatch(key -> proof.verifies(verifiers.of(key)))
              ? Optional.empty()
              : Optional.of("the ID token is not signed by a key that its issuer publishes");
    };
  }

  private Optional<String> wrong(
      Claims claims, URI issuer, String client, String nonce, Instant now) {
    if (!claims.text("iss").equals(Optional.of(issuer.toString()))) {
      return Optional.of("the ID token is of another issuer");
    }
    if (!claims.audiences().contains(client)
        || (claims.audiences().size() > 1 && claims.text("azp").isEmpty())
        || claims.text("azp").filter(azp -> !azp.equals(client)).isPresent()) {
      return Optional.of("the ID token is for another client");
    }
    if (!same(claims.text("nonce").orElse(""), nonce)) {
      return Optional.of("the ID token belongs to another sign-in (`nonce`)");
    }
    if (claims.text("sub").filter(sub -> !sub.isEmpty()).isEmpty()) {
      return Optional.of("the ID token names nobody (`sub`)");
    }
    var issuedAt = claims.time("iat");
    boolean timely =
        claims.time("exp").filter(exp -> now.minus(skew).isBefore(exp)).isPresent()
            && issuedAt.filter(iat -> !iat.isAfter(now.plus(skew))).isPresent()
            && issuedAt.filter(iat -> iat.isAfter(now.minus(AGE_MAX))).isPresent();
    return timely
        ? Optional.empty()
        : Optional.of("the ID token has expired or is from the future; check clocks");
  }

  private static boolean same(String one, String other) {
    return List.of(one, other).stream().noneMatch(String::isEmpty)
        && MessageDigest.isEqual(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
