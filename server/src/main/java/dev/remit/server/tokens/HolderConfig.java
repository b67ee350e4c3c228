package dev.remit.server.tokens;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Environment;
import java.time.Duration;
import java.util.Set;

/// Who must bind tokens to a key, and how they show that they hold it.
///
/// @param autonomies of identities whose tokens are bound, whatever they are for
/// @param environments of resources that take bound tokens only, whoever asks
/// @param proofWithin how old a DPoP proof may be; 1 s to 5 min
/// @param nonceFor how long a nonce that was handed out is taken back; 10 s to 1 h
/// @param certificates whether clients are asked for a certificate when they connect
public record HolderConfig(
    Set<Autonomy> autonomies,
    Set<Environment> environments,
    Duration proofWithin,
    Duration nonceFor,
    boolean certificates) {

  public HolderConfig {
    autonomies = Set.copyOf(autonomies);
    environments = Set.copyOf(environments);
    if (proofWithin.compareTo(Duration.ofSeconds(1)) < 0
        || proofWithin.compareTo(Duration.ofMinutes(5)) > 0) {
      throw new IllegalArgumentException("proofWithin is 1 s to 5 min, was " + proofWithin);
    }
    if (nonceFor.compareTo(Duration.ofSeconds(10)) < 0
        || nonceFor.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("nonceFor is 10 s to 1 h, was " + nonceFor);
    }
  }

  /// Binding is offered to everybody and demanded of nobody.
  public static HolderConfig offered() {
    return new HolderConfig(
        Set.of(), Set.of(), Duration.ofSeconds(60), Duration.ofMinutes(5), false);
  }
}
