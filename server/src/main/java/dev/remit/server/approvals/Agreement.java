package dev.remit.server.approvals;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// That a person has agreed to a held call.
///
/// @param roles those of the roles asked for that the person held; never empty
/// @param standsInFor in whose place, whose roles these are; nobody where they are their own
/// @param forTask to what further calls; empty for this one only
public record Agreement(
    PersonName by,
    Set<Role> roles,
    Optional<PersonName> standsInFor,
    String reason,
    Optional<ForTask> forTask,
    Instant at) {
  public Agreement {
    roles = Set.copyOf(roles);
  }
}
