package dev.remit.server.registry;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// Whether a grant covers what an identity asks for.
public sealed interface Covering {

  record By(Grant grant) implements Covering {}

  /// One did, until it ended.
  record Expired(Grant grant) implements Covering {}

  record None() implements Covering {}

  /// Returns the first grant of `identity` on `resource` that names what is asked and still holds.
  static Covering of(
      Registered registered,
      IdentityName identity,
      ResourceName resource,
      Predicate<Grant> names,
      Instant now) {
    Optional<Grant> expired = Optional.empty();
    for (var grant : registered.grants(identity)) {
      if (grant.resource().equals(resource) && names.test(grant)) {
        if (!grant.isExpired(now)) {
          return new By(grant);
        }
        expired = Optional.of(grant);
      }
    }
    return expired.<Covering>map(Expired::new).orElseGet(None::new);
  }
}
