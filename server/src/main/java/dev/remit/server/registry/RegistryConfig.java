package dev.remit.server.registry;

import dev.remit.kernel.identity.RiskClass;
import java.time.Duration;

/// The local policy of the registry: every bound that a site may set for itself.
///
/// @param trustDomain of the SPIFFE IDs of identities that declare none
/// @param pilotMax how far ahead a pilot's expiry may lie when it is declared
/// @param grantMax how far ahead a grant's expiry may lie when it is declared
/// @param pilotHighMax the same for a pilot of high risk
/// @param grantHighMax the same for a grant to an identity of a workflow of high risk
/// @param filesMax files in one plan or apply
/// @param declaredMax things declared altogether
public record RegistryConfig(
    String trustDomain,
    Duration pilotMax,
    Duration grantMax,
    Duration pilotHighMax,
    Duration grantHighMax,
    int filesMax,
    int declaredMax) {

  public static final RegistryConfig DEFAULT =
      new RegistryConfig(
          "remit.local",
          Duration.ofDays(180),
          Duration.ofDays(366),
          Duration.ofDays(120),
          Duration.ofDays(120),
          2_000,
          100_000);

  public RegistryConfig {
    boolean lasts =
        pilotMax.isPositive()
            && grantMax.isPositive()
            && pilotHighMax.isPositive()
            && grantHighMax.isPositive();
    if (!lasts || filesMax < 1 || declaredMax < 1) {
      throw new IllegalArgumentException("the registry's bounds must be positive");
    }
  }

  /// How far ahead a pilot may expire, by what it could do.
  Duration pilotMax(RiskClass risk) {
    return shorter(pilotMax, pilotHighMax, risk);
  }

  /// How far ahead a grant may expire, by what its workflow could do.
  Duration grantMax(RiskClass risk) {
    return shorter(grantMax, grantHighMax, risk);
  }

  private static Duration shorter(Duration usual, Duration high, RiskClass risk) {
    return risk.isAtLeast(RiskClass.HIGH) && high.compareTo(usual) < 0 ? high : usual;
  }
}
