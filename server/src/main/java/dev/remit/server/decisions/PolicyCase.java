package dev.remit.server.decisions;

import dev.remit.server.registry.shape.Place;
import java.util.Set;

/// One case of a policy test: what is supposed, and what policy must say to it.
///
/// @param expect the outcome's [word][dev.remit.kernel.policy.Decision#word]
/// @param because the policies that must have decided, exactly; empty when that does not matter
record PolicyCase(
    String name, Place place, Supposition supposition, String expect, Set<String> because) {

  PolicyCase {
    because = Set.copyOf(because);
  }
}
