package dev.remit.server.authzen;

import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Registered;
import dev.remit.server.tokens.TaskClaims;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who asks for decisions, and about what it may.
///
/// A person who may look into everything asks about everything. An enforcement point is an identity
/// of kind `service`; it asks about the resources and workflows that its grants name under `asks`,
/// and learns nothing about anything else, not even whether it exists.
///
/// @param name a person's name or a SPIFFE ID, for the record
/// @param task the asker's own task, for an identity
/// @param grants by which it asks; empty for a person
record Asker(String name, Optional<TaskId> task, List<Grant> grants) {

  Asker {
    grants = List.copyOf(grants);
  }

  static Asker person(String name) {
    return new Asker(name, Optional.empty(), List.of());
  }

  /// Returns the enforcement point that shows a task token; empty if it may ask nothing.
  static Optional<Asker> workload(TaskClaims claims, Registered registered, Instant now) {
    var grants =
        registered.grants(claims.identity()).stream()
            .filter(grant -> !grant.asks().isEmpty() && !grant.isExpired(now))
            .toList();
    return grants.isEmpty()
        ? Optional.empty()
        : Optional.of(new Asker(claims.subject().value(), Optional.of(claims.task()), grants));
  }

  boolean asksAbout(Optional<WorkflowName> workflow, Optional<ResourceName> resource) {
    return task.isEmpty()
        || (workflow.isPresent()
            && resource.isPresent()
            && grants.stream()
                .anyMatch(grant ->
                    grant.resource().equals(resource.get()) && grant.asksAbout(workflow.get())));
  }

  boolean asksAbout(WorkflowName workflow) {
    return task.isEmpty() || grants.stream().anyMatch(grant -> grant.asksAbout(workflow));
  }

  boolean asksAbout(ResourceName resource) {
    return task.isEmpty() || grants.stream().anyMatch(grant -> grant.resource().equals(resource));
  }
}
