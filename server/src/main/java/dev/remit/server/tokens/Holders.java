package dev.remit.server.tokens;

import com.nimbusds.jose.util.X509CertUtils;
import dev.remit.server.http.Presented;
import dev.remit.server.tokens.proof.DpopProof;
import dev.remit.server.tokens.proof.OwnCertificates;
import dev.remit.server.tokens.proof.ProofCheck;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether whoever presents a token holds the key it is bound to. A token that is bound to none
/// costs one comparison.
///
/// In this order: the scheme that belongs to the binding; the proof itself; the key; the nonce; and
/// last, since only this is stored, whether the proof was seen before.
final class Holders {
  private static final String NONCE_WANTED =
      "sign the proof again with the nonce that the DPoP-Nonce header gives";

  private static final String REVOKED =
      "the certificate of this connection, which this server has issued, does not hold any more";

  private final TokenConfig config;
  private final Nonces nonces;
  private final SeenProofs seen;
  private volatile OwnCertificates own = OwnCertificates.NONE;

  Holders(TokenConfig config, Nonces nonces, SeenProofs seen) {
    this.config = config;
    this.nonces = nonces;
    this.seen = seen;
  }

  /// Asks `own` from now on about certificates that this server has issued.
  void certifiedBy(OwnCertificates own) {
    this.own = own;
  }

  /// Returns the thumbprint of a certificate as tokens and manifests name it (RFC 8705, section
  /// 3.1).
  static String thumbprint(X509Certificate certificate) {
    return X509CertUtils.computeSHA256Thumbprint(certificate).toString();
  }

  /// Says what is wrong about how a token is presented; empty if its holder presents it.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it cannot be told whether the proof
  ///   was seen before
  Optional<TokenCheck.NotHeld> wrong(TaskClaims claims, Presented presented, Instant now) {
    boolean dpop = presented.isOf("DPoP");
    return switch (claims.binding()) {
      case Binding.None() ->
          dpop
              ? invalid(
                  "token-not-bound",
                  "the token is bound to no key; send it as Bearer, or ask for one with a DPoP proof")
              : Optional.empty();
      case Binding.Key(var thumbprint) ->
          dpop
              ? key(thumbprint, presented, now)
              : invalid(
                  "token-bound", "the token is bound to a key; send it as DPoP with a proof of it");
      case Binding.Certificate(var thumbprint) ->
          dpop
                  || presented
                      .certificate()
                      .filter(one -> thumbprint(one).equals(thumbprint))
                      .isEmpty()
              ? invalid(
                  "token-bound",
                  "the token is bound to a certificate; connect with it, and send the token as Bearer")
              : presented.certificate().filter(this::isRevoked).flatMap(_ -> revoked());
    };
  }

  /// Learns to which key a token that is asked for is to be bound, before anything is looked up or
  /// spent.
  Bound bind(Presented presented, Instant now) {
    if (presented.dpop().isEmpty()) {
      if (presented.certificate().filter(this::isRevoked).isPresent()) {
        return new Bound.Wrong(
            new OAuthError(400, "invalid_request", "certificate-revoked", REVOKED));
      }
      var binding =
          presented
              .certificate()
              .<Binding>map(one -> new Binding.Certificate(thumbprint(one)))
              .orElseGet(Binding.None::new);
      return new Bound.To(binding, List.of());
    }
    return switch (read(presented, config.delegationAudience(), Optional.empty(), now)) {
      case DpopProof.Read.Wrong(var code, var detail) ->
          new Bound.Wrong(new OAuthError(400, "invalid_dpop_proof", code, detail));
      case DpopProof.Read.Proof(var proof) ->
          nonces.isFresh(proof.nonce(), now)
              ? new Bound.To(new Binding.Key(proof.thumbprint()), List.of(proof.once()))
              : new Bound.FirstStep(
                  new OAuthError(400, "use_dpop_nonce", "dpop-nonce", NONCE_WANTED),
                  nonces.current(now));
    };
  }

  private boolean isRevoked(X509Certificate certificate) {
    return own.of(certificate) == OwnCertificates.Known.HOLDS_NOT;
  }

  private static Optional<TokenCheck.NotHeld> revoked() {
    return invalid("certificate-revoked", REVOKED);
  }

  /// What comes of a request for a token.
  sealed interface Bound {

    /// The token is to be bound to this, or to nothing.
    ///
    /// @param once the proof of the key, which must not have been seen before
    record To(Binding binding, List<ProofCheck.Once> once) implements Bound {}

    record Wrong(OAuthError error) implements Bound {}

    /// The first step of every client, which cannot know the nonce before: not worth an entry.
    record FirstStep(OAuthError error, String nonce) implements Bound {}
  }

  /// Returns what the proof after this one is to repeat; for who does not prove a key, nothing.
  Optional<String> next(Binding binding, Instant now) {
    return binding instanceof Binding.Key ? Optional.of(nonces.current(now)) : Optional.empty();
  }

  private Optional<TokenCheck.NotHeld> key(String thumbprint, Presented presented, Instant now) {
    var target = target(presented);
    if (target.isEmpty()) {
      return proof("dpop-target", "the address of the request is not a URI, so htu cannot be it");
    }
    var read = read(presented, target.get(), Optional.of(presented.credential()), now);
    return switch (read) {
      case DpopProof.Read.Wrong(var code, var detail) -> proof(code, detail);
      case DpopProof.Read.Proof(var proof) -> {
        if (!proof.thumbprint().equals(thumbprint)) {
          yield invalid("dpop-other-key", "the proof is of another key than the token's");
        }
        if (!nonces.isFresh(proof.nonce(), now)) {
          yield Optional.of(
              new TokenCheck.NotHeld(
                  "use_dpop_nonce", "dpop-nonce", NONCE_WANTED, Optional.of(nonces.current(now))));
        }
        yield seen.isFirst(proof.once())
            ? Optional.empty()
            : proof("dpop-replayed", "this proof was used before; sign one for each request");
      }
    };
  }

  private Optional<URI> target(Presented presented) {
    try {
      return Optional.of(URI.create(config.issuer() + presented.path()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private DpopProof.Read read(
      Presented presented, URI target, Optional<String> token, Instant now) {
    return DpopProof.read(
        presented.dpop(),
        new DpopProof.Request(presented.method(), target, token),
        new DpopProof.Within(config.holders().proofWithin(), config.skew()),
        now);
  }

  private static Optional<TokenCheck.NotHeld> proof(String reasonCode, String detail) {
    return Optional.of(
        new TokenCheck.NotHeld("invalid_dpop_proof", reasonCode, detail, Optional.empty()));
  }

  private static Optional<TokenCheck.NotHeld> invalid(String reasonCode, String detail) {
    return Optional.of(
        new TokenCheck.NotHeld("invalid_token", reasonCode, detail, Optional.empty()));
  }
}
