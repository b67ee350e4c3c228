package dev.remit.server.tokens.proof;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.registry.Identity;
import java.time.Instant;
import java.util.Optional;

/// Who a proof shows somebody to be.
public sealed interface ProofCheck {

  /// Exactly one registered identity.
  ///
  /// @param once what must not be seen a second time before it expires; empty for a platform's
  ///   proof, which platforms hand out for repeated use
  /// @param credential names the key that signed, or the account that the platform vouches for, and
  ///   tells nobody which
  /// @param key the identity's own key that has signed it, by its thumbprint (RFC 7638); empty for
  ///   a platform's proof
  record Proven(Identity identity, Optional<Once> once, Digest credential, Optional<String> key)
      implements ProofCheck {}

  /// Nobody, or somebody who must not have a token.
  ///
  /// @param reasonCode a stable word, see `docs/formats/task-token.md`
  /// @param detail what to do about it, for the workload's developer; holds nothing of the proof
  record Refused(String reasonCode, String detail) implements ProofCheck {}

  /// Names a single-use proof.
  ///
  /// @param proof digest of the identity and the proof's `jti`
  record Once(Digest proof, Instant expiresAt) {}
}
