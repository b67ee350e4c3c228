package dev.remit.server.registry;

import java.util.HashMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A model that can be asked through Remit answers where models answer, under a name that is its
/// own there; and a grant names models where they are.
final class ModelRules {
  private ModelRules() {}

  /// What is known on the wire of one resource.
  private record Wire(String resource, String model) {}

  static void check(Proposal proposal, Flaws flaws) {
    var next = proposal.next().registered();
    var known = new HashMap<Wire, Model>();
    for (var model : next.models().stream().sorted((a, b) -> a.key().compareTo(b.key())).toList()) {
      if (model.resource().isEmpty()) {
        continue;
      }
      var ref = new Ref(Kind.MODEL, model.key());
      var name = model.resource().get();
      var resource = next.resource(name);
      if (resource.isPresent() && !(resource.get().upstream() instanceof Upstream.Models)) {
        flaws.always(
            "R111",
            ref,
            "resource",
            ref.said() + " answers at resource `" + name + "`, where no models are",
            "name a resource whose upstream is `models`");
      }
      var same = known.putIfAbsent(new Wire(name.value(), model.model()), model);
      if (same != null) {
        flaws.always(
            "R111",
            ref,
            "model",
            ref.said()
                + " and model `"
                + same.name()
                + "` are both called `"
                + model.model()
                + "` at resource `"
                + name
                + "`, so that no request could tell which is meant",
            "declare one of them, or give one a resource of its own");
      }
    }
  }

  static void checkGrant(Registered next, Grant grant, Ref ref, Flaws flaws) {
    var resource = next.resource(grant.resource());
    if (resource.isEmpty()) {
      return;
    }
    boolean answers = resource.get().upstream() instanceof Upstream.Models;
    if (grant.models().isEmpty()) {
      if (answers && grant.grantsUse()) {
        flaws.always(
            "R111",
            ref,
            "resource",
            ref.said()
                + " names no model, but all there is at `"
                + grant.resource()
                + "` is models",
            "name them under `models`, or `*` for every one there");
      }
      return;
    }
    if (!answers) {
      flaws.always(
          "R111",
          ref,
          "models",
          ref.said() + " names models, but none answer at resource `" + grant.resource() + "`",
          "leave `models` out, or name a resource whose upstream is `models`");
      return;
    }
    var elsewhere = new TreeSet<>(grant.models());
    elsewhere.remove("*");
    elsewhere.removeAll(
        next.models().stream()
            .filter(model -> model.resource().filter(grant.resource()::equals).isPresent())
            .map(Model::key)
            .collect(Collectors.toSet()));
    if (!elsewhere.isEmpty()) {
      flaws.always(
          "R111",
          ref,
          "models",
          ref.said()
              + " names model `"
              + String.join("`, `", elsewhere)
              + "`, which does not answer at resource `"
              + grant.resource()
              + "`",
          "declare `resource: " + grant.resource() + "` at the model, or leave it out");
    }
  }
}
