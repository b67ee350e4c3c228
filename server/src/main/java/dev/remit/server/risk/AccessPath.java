package dev.remit.server.risk;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// One thing that an identity can touch, and by which grant.
///
/// @param thing a tool, or the resource where it is no tool
public record AccessPath(
    Ref grant, Ref thing, Set<Effect> effects, Set<String> dataClasses, Environment environment) {
  public AccessPath {
    effects = Set.copyOf(effects);
    dataClasses = Set.copyOf(dataClasses);
  }

  /// Everything that `identity` can touch, whatever it is called. Grants that have expired at `now`
  /// reach nothing.
  public static List<AccessPath> of(Identity identity, Registered registered, Instant now) {
    return new Reaching(registered, RiskRules.DEFAULT, now)
        .of(identity).touches().stream()
            .map(one ->
                new AccessPath(
                    one.grant(), one.thing(), one.effects(), one.dataClasses(), one.environment()))
            .toList();
  }

  /// Whether it can do more than read.
  public boolean acts() {
    return effects.stream().anyMatch(effect -> effect != Effect.READ);
  }
}
