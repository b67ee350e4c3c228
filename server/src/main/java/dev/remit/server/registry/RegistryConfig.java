package dev.remit.server.registry;

import java.time.Duration;

/// The local policy of the registry: every bound that a site may set for itself.
///
/// @param trustDomain of the SPIFFE IDs of identities that declare none
/// @param pilotMax how far ahead a pilot's expiry may lie when it is declared
/// @param grantMax how far ahead a grant's expiry may lie when it is declared
/// @param filesMax files in one plan or apply
/// @param declaredMax things declared altogether
/// @param secondPerson which changes wait for a second person
/// @param agreeWithin how long that person has
/// @param delegationMax longest that a delegate stands in for somebody
public record RegistryConfig(
    String trustDomain,
    Duration pilotMax,
    Duration grantMax,
    int filesMax,
    int declaredMax,
    SecondPerson secondPerson,
    Duration agreeWithin,
    Duration delegationMax) {

  public static final RegistryConfig DEFAULT =
      new RegistryConfig(
          "remit.local",
          Duration.ofDays(180),
          Duration.ofDays(366),
          2_000,
          100_000,
          SecondPerson.PRODUCTION,
          Duration.ofHours(24),
          Duration.ofDays(30));

  /// Which changes wait for a second person.
  public enum SecondPerson {
    /// Those that touch what a workflow in production rests on.
    PRODUCTION,

    ALWAYS,

    NEVER
  }

  /// The same, with another answer to who has to agree.
  public RegistryConfig with(SecondPerson other) {
    return new RegistryConfig(
        trustDomain, pilotMax, grantMax, filesMax, declaredMax, other, agreeWithin, delegationMax);
  }

  public RegistryConfig {
    if (!pilotMax.isPositive()
        || !grantMax.isPositive()
        || !agreeWithin.isPositive()
        || !delegationMax.isPositive()
        || filesMax < 1
        || declaredMax < 1) {
      throw new IllegalArgumentException("the registry's bounds must be positive");
    }
  }
}
