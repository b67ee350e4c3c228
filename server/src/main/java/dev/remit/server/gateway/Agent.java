package dev.remit.server.gateway;

import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.TaskClaims;

/// Who is calling: the task whose token was checked, and what is declared about it.
///
/// @param token the token itself, to be checked again before anything is sent
/// @param registered the snapshot by which this request is judged from beginning to end
record Agent(String token, TaskClaims claims, Workflow workflow, Registered registered) {

  @Override
  public String toString() {
    return claims.identity() + " in " + claims.task();
  }
}
