package dev.remit.server.registry;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// What an answer about a workflow rests on: the workflow, its owner and sponsor, its identities,
/// their grants, the resources and tools of those, and every policy and class of data, since any of
/// them may decide.
final class Surroundings {
  private final SortedSet<Ref> refs = new TreeSet<>();
  private final Set<IdentityName> identities = new HashSet<>();
  private final Set<ResourceName> resources = new HashSet<>();

  private Surroundings() {}

  /// @param only one identity of the workflow, or all of them
  static SortedSet<Ref> of(
      Collection<Declared> declared, WorkflowName workflow, Optional<IdentityName> only) {
    var found = new Surroundings();
    declared.forEach(one -> found.workflowAndIdentities(one, workflow, only));
    declared.forEach(found::grants);
    declared.forEach(found::tools);
    declared.forEach(found::models);
    return found.refs;
  }

  private void workflowAndIdentities(
      Declared one, WorkflowName workflow, Optional<IdentityName> only) {
    switch (one) {
      case Workflow it when it.name().equals(workflow) -> {
        add(it);
        refs.add(new Ref(Kind.PERSON, it.owner().value()));
        it.sponsor().ifPresent(name -> refs.add(new Ref(Kind.PERSON, name.value())));
      }
      case Identity it
          when it.workflow().equals(workflow) && only.map(it.name()::equals).orElse(true) -> {
        add(it);
        identities.add(it.name());
        it.model().ifPresent(name -> refs.add(new Ref(Kind.MODEL, name.value())));
      }
      case PolicyText it -> add(it);
      case DataClass it -> add(it);
      case Workflow _, Identity _, Person _, Model _, Resource _, Tool _, Grant _ -> {}
    }
  }

  private void grants(Declared one) {
    if (one instanceof Grant grant && identities.contains(grant.identity())) {
      add(grant);
      resources.add(grant.resource());
      refs.add(new Ref(Kind.RESOURCE, grant.resource().value()));
    }
  }

  private void tools(Declared one) {
    if (one instanceof Tool tool && resources.contains(tool.name().resource())) {
      add(tool);
    }
  }

  private void models(Declared one) {
    if (one instanceof Model model && model.resource().filter(resources::contains).isPresent()) {
      add(model);
    }
  }

  private void add(Declared one) {
    refs.add(new Ref(one.kind(), one.key()));
  }
}
