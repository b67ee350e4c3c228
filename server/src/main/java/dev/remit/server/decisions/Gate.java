package dev.remit.server.decisions;

import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Findings;
import dev.remit.kernel.policy.PolicyError;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// The gate before a policy set becomes active: two engines answer the same generated requests, and
/// every answer must be the same in decision, deciding policies and failing policies.
final class Gate {
  private final Function<Request, Findings> ours;
  private final Function<Request, Findings> reference;

  Gate(Function<Request, Findings> ours, Function<Request, Findings> reference) {
    this.ours = ours;
    this.reference = reference;
  }

  /// How many requests are tried for a set of `policies`: fewer for a large one, where each costs
  /// the reference more.
  static int tries(int policies) {
    return Math.clamp(40_000 / (policies + 50), 200, 600);
  }

  /// A request on which the engines differ, made as small as keeps it differing.
  record Difference(Request request, String ours, String reference) {

    String text() {
      return "on "
          + request.principal()
          + ", "
          + request.action()
          + ", "
          + request.resource()
          + " with context "
          + request.context()
          + " the compiled evaluator says "
          + ours
          + " and cedar-java says "
          + reference;
    }
  }

  /// Returns the first difference among `tries` requests.
  Optional<Difference> run(Generator generator, int tries) {
    for (int i = 0; i < tries; i++) {
      var request = generator.next();
      if (differs(request)) {
        var small = smallest(request);
        return Optional.of(
            new Difference(
                small, answer(ours, small).toString(), answer(reference, small).toString()));
      }
    }
    return Optional.empty();
  }

  private record Answer(String decision, List<PolicyId> because, Set<PolicyId> failed) {

    @Override
    public String toString() {
      return decision + " because of " + because + ", failing " + failed;
    }
  }

  private boolean differs(Request request) {
    return !answer(ours, request).equals(answer(reference, request));
  }

  private static Answer answer(Function<Request, Findings> engine, Request request) {
    Decision decision =
        Combination.CEDAR.combine(
            engine.apply(request),
            () -> {
              throw new IllegalStateException("Cedar knows no approval");
            });
    var failed = new TreeSet<PolicyId>();
    decision.errors().stream().map(PolicyError::policy).forEach(failed::add);
    return new Answer(decision.word(), decision.because(), failed);
  }

  /// Drops one member of the context after the other while both engines keep to their answers.
  private Request smallest(Request request) {
    var said = answer(ours, request);
    var expected = answer(reference, request);
    var context = request.context();
    for (int i = 0; i < context.size(); ) {
      var smaller = with(request, without(context, context.name(i)));
      if (answer(ours, smaller).equals(said) && answer(reference, smaller).equals(expected)) {
        context = smaller.context();
      } else {
        i++;
      }
    }
    return with(request, context);
  }

  private static Request with(Request request, Value.Members context) {
    return new Request(request.principal(), request.action(), request.resource(), context);
  }

  private static Value.Members without(Value.Members members, String name) {
    var kept = new HashMap<String, Value>();
    for (int i = 0; i < members.size(); i++) {
      if (!members.name(i).equals(name)) {
        kept.put(members.name(i), members.get(i));
      }
    }
    return Value.Members.of(kept);
  }
}
