package dev.remit.server.decisions;

import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.Findings;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;

/// What answers calls, as a function: [PolicySet#evaluate], or in tests one that is wrong.
@FunctionalInterface
interface Evaluator {
  Evaluator COMPILED = PolicySet::evaluate;

  Findings evaluate(PolicySet policies, Request request, Entities entities);
}
