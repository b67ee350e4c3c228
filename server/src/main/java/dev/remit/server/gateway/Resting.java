package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.assumptions.Assumption;
import dev.remit.server.assumptions.Assumptions;
import dev.remit.server.assumptions.RiskClasses;
import dev.remit.server.decisions.Action;
import dev.remit.server.registry.Covering;
import dev.remit.server.registry.Grant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What agreeing to a call would rest on, by the snapshot that the call is judged by: owner,
/// server, tool and policies, and of everybody who answers for the work the model and the grant.
final class Resting {

  private Resting() {}

  static Assumptions of(Call call, Asked asked, Digest policies, RiskClasses risks, Instant now) {
    var declared = call.agent().registered();
    var all = new ArrayList<Assumption>();
    all.add(Assumption.OwnerIs.of(call.agent().workflow()));
    all.add(Assumption.ServerIs.of(call.resource()));
    all.add(new Assumption.PoliciesAre(policies));
    if (asked instanceof Asked.OfTool(var tool, _)) {
      all.add(Assumption.ToolIs.of(tool));
    }
    for (var name : call.agent().claims().identities()) {
      declared
          .identity(name)
          .ifPresent(identity -> all.add(Assumption.modelOf(identity, declared)));
      if (Covering.of(declared, name, call.resource().name(), names(asked), now)
          instanceof Covering.By(var grant)) {
        all.add(Assumption.GrantIs.of(grant));
      }
    }
    all.addAll(risk(call, risks));
    return new Assumptions(all);
  }

  private static List<Assumption> risk(Call call, RiskClasses risks) {
    var identity = call.agent().claims().identity();
    return risks.fromLowest().isEmpty()
        ? List.of()
        : List.of(new Assumption.RiskAtMost(identity, risks.of().apply(identity)));
  }

  private static Predicate<Grant> names(Asked asked) {
    return switch (asked) {
      case Asked.OfTool(var tool, _) -> grant -> grant.names(tool);
      case Asked.OfItem(var action, var item, _) ->
          action == Action.PROMPT
              ? grant -> grant.namesPrompt(item)
              : grant -> grant.namesRead(item);
    };
  }
}
