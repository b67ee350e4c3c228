package dev.remit.server.tokens.proof;

import java.net.URI;
import java.time.Instant;

/// Verifies JWTs of others whose key sets are at known addresses. Keys are fetched and kept as
/// those of platforms are: bounded, and never for longer than is set.
public final class ForeignKeys {
  private final PlatformKeys keys;
  private final KeyVerifiers verifiers = new KeyVerifiers();

  public ForeignKeys(ProofConfig.Fetch limits) {
    this.keys = PlatformKeys.ofKeySets(limits);
  }

  /// What came of checking a signature.
  public sealed interface Check {
    record Signed() implements Check {}

    /// Not by a key that is published there.
    record NotSigned() implements Check {}

    /// The keys cannot be had now.
    record Unavailable(String why) implements Check {}
  }

  public Check check(ForeignJwt jwt, URI keySet, Instant now) {
    var proof = jwt.proof();
    return switch (keys.of(keySet, proof.keyId(), now)) {
      case PlatformKeys.Found.Unavailable(var why) -> new Check.Unavailable(why);
      case PlatformKeys.Found.Keys(var published) ->
          proof.candidates(published).stream().anyMatch(key -> proof.verifies(verifiers.of(key)))
              ? new Check.Signed()
              : new Check.NotSigned();
    };
  }
}
