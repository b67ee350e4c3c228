package dev.remit.server.tokens.proof;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A signed JWT of somebody else, split and within bounds: an asymmetric algorithm, no nesting, one
/// flat object of claims. Nothing of it is true before [ForeignKeys#check].
public final class ForeignJwt {
  private final SignedProof proof;

  private ForeignJwt(SignedProof proof) {
    this.proof = proof;
  }

  /// Reads it; empty if it is no such thing.
  public static Optional<ForeignJwt> parse(String text) {
    return SignedProof.parse(text) instanceof SignedProof.Parsed.Proof(var proof)
        ? Optional.of(new ForeignJwt(proof))
        : Optional.empty();
  }

  /// Returns the header's `typ`.
  public Optional<String> type() {
    return proof.type();
  }

  public JsonNode claims() {
    return proof.claims().json();
  }

  /// Whether `aud` is, or contains, `audience`.
  public boolean isFor(String audience) {
    return proof.claims().audiences().contains(audience);
  }

  SignedProof proof() {
    return proof;
  }
}
