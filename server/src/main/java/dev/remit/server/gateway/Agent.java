package dev.remit.server.gateway;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.registry.Bindings;
import dev.remit.server.registry.Bound;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.TaskClaims;
import java.time.Instant;

/// Who is calling: the task whose token was checked, and what is declared about it.
///
/// @param token the token itself, to be checked again before anything is sent
/// @param registered the snapshot by which this request is judged from beginning to end
/// @param bindings what is approved of the models behind those who answer for the work
record Agent(
    String token, TaskClaims claims, Workflow workflow, Registered registered, Bindings bindings) {

  /// How far one of them may go with what decides it now.
  Bound bound(IdentityName name, Instant now) {
    return registered
        .identity(name)
        .map(identity -> bindings.of(identity, registered, now))
        .orElseGet(Bound.Approved::new);
  }

  @Override
  public String toString() {
    return claims.identity() + " in " + claims.task();
  }
}
