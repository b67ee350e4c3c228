package dev.remit.server.decisions;

import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;

/// What a policy set would decide in some world, as it would in production: combined, and its
/// obligations fulfilled or not. Decides nothing and records nothing.
record Trial(PolicySet policies, World world) {

  /// @param request what `question` is in this world
  Decision of(Question question, Request request) {
    var decision = policies.decide(request, world.entities(), Combination.REMIT);
    return decision instanceof Decision.Modify modify
            && question.arguments() instanceof Arguments.Given(var asked)
        ? Fulfilment.of(modify, question, asked, narrowed -> of(question.with(narrowed)))
        : decision;
  }

  /// Whoever was in this world with other arguments still is.
  private Decision of(Question question) {
    return of(question, new Requests(world).of(question).orElseThrow());
  }
}
