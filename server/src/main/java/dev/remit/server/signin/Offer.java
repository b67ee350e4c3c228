package dev.remit.server.signin;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// An agent that a person may let act for them at a resource, and for what.
///
/// @param tools names of the tools that its grants name there; `*` for every reviewed one
record Offer(Identity identity, Workflow workflow, Set<String> tools) {

  /// Returns everything that `person` may let act for them at `client`, by name.
  static List<Offer> of(
      PersonName person, URI client, ResourceName resource, Registered known, Instant now) {
    return known.identities().stream()
        .filter(identity -> identity.isLentTo(person, client))
        .flatMap(identity ->
            known
                .workflow(identity.workflow())
                .filter(workflow -> workflow.runs(now))
                .map(workflow -> offer(identity, workflow, resource, known, now))
                .stream())
        .filter(offer -> !offer.tools().isEmpty())
        .sorted(Comparator.comparing(offer -> offer.identity().name().value()))
        .toList();
  }

  private static Offer offer(
      Identity identity, Workflow workflow, ResourceName resource, Registered known, Instant now) {
    var tools = new TreeSet<String>();
    for (var grant : known.grants(identity.name())) {
      if (grant.resource().equals(resource) && !grant.isExpired(now)) {
        switch (grant.tools()) {
          case Grant.Tools.EveryPinned() ->
              known.tools(resource).forEach(tool -> tools.add(tool.name().tool()));
          case Grant.Tools.Named(var names) -> tools.addAll(names);
        }
        grant.prompts().forEach(prompt -> tools.add("prompt " + prompt));
        grant.reads().forEach(pattern -> tools.add("read " + pattern.value()));
      }
    }
    return new Offer(identity, workflow, tools);
  }
}
