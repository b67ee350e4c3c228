package dev.remit.server.decisions;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.server.registry.PolicyText;
import dev.remit.server.registry.Registered;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// One version of everything that decides, swapped as a whole.
///
/// @param version digest of the policy texts and of the schema they were validated against
/// @param registered what was declared when it was made
/// @param cedar the same policies for cedar-java
record ActiveSet(
    Digest version,
    Registered registered,
    PolicySet policies,
    CedarEngine cedar,
    World world,
    Requests requests,
    Shadows shadows) {

  static ActiveSet of(Registered registered, World world, CompiledPolicies compiled) {
    return new ActiveSet(
        version(registered),
        registered,
        new PolicySet(compiled.policies()),
        new CedarEngine(compiled.cedar(), compiled.policies(), world::declared),
        world,
        new Requests(world),
        new Shadows(compiled.policies(), compiled.shadow(), world));
  }

  /// The set that denies everything: what decides while nothing better is known to be right.
  static ActiveSet denying(Registered registered) {
    return of(
        registered,
        new World(registered),
        new CompiledPolicies(
            new com.cedarpolicy.model.policy.PolicySet(),
            List.of(),
            Map.of(),
            List.of(),
            Map.of()));
  }

  static Digest version(Registered registered) {
    var all = JsonMapper.shared().createObjectNode();
    var texts = all.putArray("policies");
    registered.policies().stream()
        .sorted(Comparator.comparing(PolicyText::name))
        .forEach(text -> {
          var one = texts.addObject().put("name", text.name().value()).put("cedar", text.cedar());
          if (text.isShadow()) {
            one.put("mode", text.mode().word());
          }
        });
    all.set("schema", CedarSchema.of(registered));
    return CanonicalJson.digest(all);
  }
}
