package dev.remit.server.models;

import dev.remit.kernel.identity.ToolName;
import dev.remit.server.registry.Covering;
import dev.remit.server.registry.Grant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whether the task's scope and the grants of everybody who answers for the work cover a question.
/// Policy comes after it: a grant is never enough by itself. Pure.
final class Coverage {
  private Coverage() {}

  sealed interface Found {
    /// Grants cover it.
    ///
    /// @param grants of those who delegated and of the agent, in that order
    record Covered(List<Grant> grants) implements Found {}

    record Refused(Refusal why) implements Found {}
  }

  static Found of(Asked asked, Instant now) {
    var model = asked.model();
    var claims = asked.claims();
    if (!asked.workflow().runs(now)) {
      return new Found.Refused(new Refusal.WorkflowStopped(asked.workflow().name()));
    }
    if (model.isWithdrawn(now)) {
      return new Found.Refused(new Refusal.Withdrawn(model.name(), model.terms().fallback()));
    }
    // A scope that names tools covers a model only if it names it like one.
    var scoped = new ToolName(asked.resource().name(), model.name().value());
    if (!claims.scope().tools().allows(scoped)) {
      return new Found.Refused(new Refusal.OutsideTask(model.name()));
    }
    var grants = new ArrayList<Grant>();
    for (var name : claims.identities()) {
      var identity = asked.registered().identity(name);
      if (identity.isEmpty()) {
        return new Found.Refused(new Refusal.NotGranted(model.name()));
      }
      switch (Covering.of(
          asked.registered(),
          name,
          asked.resource().name(),
          grant -> grant.namesModel(model, identity.get()),
          now)) {
        case Covering.By(var grant) -> grants.add(grant);
        case Covering.Expired(var grant) -> {
          return new Found.Refused(new Refusal.GrantExpired(grant.name(), grant.expiresAt()));
        }
        case Covering.None() -> {
          return new Found.Refused(
              name.equals(claims.identity())
                  ? new Refusal.NotGranted(model.name())
                  : new Refusal.NotTheDelegators(name, model.name()));
        }
      }
    }
    return new Found.Covered(grants);
  }
}
