package dev.remit.server.registry;

import java.time.Duration;

/// The local policy of the registry: every bound that a site may set for itself.
///
/// @param trustDomain of the SPIFFE IDs of identities that declare none
/// @param pilotMax how far ahead a pilot's expiry may lie when it is declared
/// @param grantMax how far ahead a grant's expiry may lie when it is declared
/// @param filesMax files in one plan or apply
/// @param declaredMax things declared altogether
public record RegistryConfig(
    String trustDomain, Duration pilotMax, Duration grantMax, int filesMax, int declaredMax) {

  public static final RegistryConfig DEFAULT =
      new RegistryConfig("remit.local", Duration.ofDays(180), Duration.ofDays(366), 2_000, 100_000);

  public RegistryConfig {
    if (!pilotMax.isPositive() || !grantMax.isPositive() || filesMax < 1 || declaredMax < 1) {
      throw new IllegalArgumentException("the registry's bounds must be positive");
    }
  }
}
