package dev.remit.server.decisions;

import dev.remit.kernel.identity.PolicyName;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.server.registry.PolicyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The policies in shadow: each is tried, alone beside those that decide, on every decision, and
/// none changes any. What one would have done is said as it would have happened: an obligation that
/// could not have been fulfilled is the denial that would have followed.
///
/// Costs one look into their index where none of them speaks of the request, and one more decision
/// for each that does.
final class Shadows {
  private final World world;
  private final PolicySet together;
  private final List<Shadow> each = new ArrayList<>();

  /// One of them.
  ///
  /// @param beside itself and all that decide
  private record Shadow(PolicyName name, PolicySet alone, PolicySet beside) {}

  /// @param deciding those that decide
  /// @param shadows by the text that declares them
  Shadows(List<Policy> deciding, Map<PolicyText, List<Policy>> shadows, World world) {
    this.world = world;
    var all = new ArrayList<Policy>();
    shadows.forEach((text, statements) -> {
      all.addAll(statements);
      var beside = new ArrayList<>(deciding);
      beside.addAll(statements);
      each.add(new Shadow(text.name(), new PolicySet(statements), new PolicySet(beside)));
    });
    together = new PolicySet(all);
  }

  int size() {
    return each.size();
  }

  boolean isEmpty() {
    return each.isEmpty();
  }

  /// Returns those that would have made `decision` another one.
  ///
  /// @param request what `question` is in this world
  List<Shadowed> of(Question question, Request request, Decision decision) {
    boolean onlyThis = restsOnThisRequest(decision);
    if (onlyThis && isSilent(together, request)) {
      return List.of();
    }
    var found = new ArrayList<Shadowed>();
    for (var shadow : each) {
      if (onlyThis && isSilent(shadow.alone, request)) {
        continue;
      }
      var would = new Trial(shadow.beside, world).of(question, request);
      if (!would.word().equals(decision.word())) {
        found.add(new Shadowed(shadow.name, would.word()));
      }
    }
    return found;
  }

  private boolean isSilent(PolicySet policies, Request request) {
    return policies.evaluate(request, world.entities()).answers().isEmpty();
  }

  /// Whether what policy says of other requests had no part in it: a hold asks about the approved
  /// one, an obligation about the narrowed one.
  private static boolean restsOnThisRequest(Decision decision) {
    return switch (decision) {
      case Decision.Allow _, Decision.Defer _ -> true;
      case Decision.Deny deny -> deny.ground() != Decision.Ground.UNFULFILLED;
      case Decision.Hold _, Decision.Modify _ -> false;
    };
  }
}
