package dev.remit.server.decisions;

import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.Findings;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicyError;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The gate before a policy set becomes active: our evaluator and cedar-java answer the same
/// requests, generated and recorded, and every answer must be the same in decision, deciding
/// policies and failing policies.
final class Gate {
  private static final int CHUNK = 512;

  private final Evaluator ours;
  private final ActiveSet set;

  Gate(Evaluator ours, ActiveSet set) {
    this.ours = ours;
    this.set = set;
  }

  /// What was tried, and what came of it.
  ///
  /// @param tried requests that both engines answered
  /// @param incomparable requests that hold a value which cedar-java cannot be told
  /// @param difference the first one found, made small
  record Trial(long tried, long incomparable, Optional<Difference> difference) {

    boolean isPassed() {
      return difference.isEmpty();
    }
  }

  /// Something on which the engines differ, and from which nothing can be left out.
  record Difference(Case minimal, String ours, String reference) {

    String text() {
      var request = minimal.request();
      return "on %s, %s, %s with context %s, policies %s and entities %s the compiled evaluator says %s and cedar-java says %s"
          .formatted(
              request.principal(),
              request.action(),
              request.resource(),
              request.context(),
              minimal.policies().stream().map(Policy::id).toList(),
              minimal.entities().stream().map(Entities.Declared::uid).toList(),
              ours,
              reference);
    }
  }

  /// A request with all that its answer depends on.
  record Case(Request request, List<Policy> policies, List<Entities.Declared> entities) {

    Case with(Value.Members context) {
      var other = new Request(request.principal(), request.action(), request.resource(), context);
      return new Case(other, policies, entities);
    }

    Case withPolicies(List<Policy> some) {
      return new Case(request, some, entities);
    }

    Case withEntities(List<Entities.Declared> some) {
      return new Case(request, policies, some);
    }
  }

  /// Tries what `requests` gives until it gives nothing more or a difference is found, on all
  /// processors. cedar-java must have been [prepared][CedarEngine#prepare].
  Trial run(Supplier<Optional<Request>> requests) {
    var tried = new AtomicLong();
    var incomparable = new AtomicLong();
    while (true) {
      var chunk = chunk(requests);
      var first = new AtomicInteger(Integer.MAX_VALUE);
      IntStream.range(0, chunk.size())
          .parallel()
          .forEach(i -> {
            switch (compared(chunk.get(i))) {
              case SAME -> tried.incrementAndGet();
              case INCOMPARABLE -> incomparable.incrementAndGet();
              case DIFFERENT -> first.accumulateAndGet(i, Math::min);
            }
          });
      if (first.get() < chunk.size()) {
        var difference = difference(chunk.get(first.get()));
        return new Trial(tried.get(), incomparable.get(), Optional.of(difference));
      }
      if (chunk.size() < CHUNK) {
        return new Trial(tried.get(), incomparable.get(), Optional.empty());
      }
    }
  }

  private static List<Request> chunk(Supplier<Optional<Request>> requests) {
    var chunk = new ArrayList<Request>(CHUNK);
    while (chunk.size() < CHUNK) {
      var next = requests.get();
      if (next.isEmpty()) {
        break;
      }
      chunk.add(next.get());
    }
    return chunk;
  }

  private enum Compared {
    SAME,
    DIFFERENT,
    INCOMPARABLE
  }

  private Compared compared(Request request) {
    Findings reference;
    try {
      reference = set.cedar().evaluate(request);
    } catch (CedarUnavailable e) {
      return Compared.INCOMPARABLE;
    }
    var own = ours.evaluate(set.policies(), request, set.world().entities());
    return answer(own).equals(answer(reference)) ? Compared.SAME : Compared.DIFFERENT;
  }

  private record Answer(String decision, List<PolicyId> because, Set<PolicyId> failed) {

    @Override
    public String toString() {
      return decision + " because of " + because + ", failing " + failed;
    }
  }

  private static Answer answer(Findings findings) {
    Decision decision =
        Combination.CEDAR.combine(
            findings,
            () -> {
              throw new IllegalStateException("Cedar knows no approval");
            });
    var failed = new TreeSet<PolicyId>();
    decision.errors().stream().map(PolicyError::policy).forEach(failed::add);
    return new Answer(decision.word(), decision.because(), failed);
  }

  /// Leaves out policies, entities, then parts of the context, as long as the engines differ.
  private Difference difference(Request request) {
    var all = set.policies().policies();
    var whole = new Case(request, all, List.copyOf(set.world().declared()));
    var failing = new TreeSet<>(ours(whole).failed());
    failing.addAll(reference(whole).failed());
    Predicate<Case> differs = smaller -> differs(smaller, failing);
    var near = whole.withEntities(set.cedar().relevant(request));
    var start = differs.test(near) ? near : whole;
    var fewer =
        start.withPolicies(Smaller.list(all, some -> differs.test(start.withPolicies(some))));
    var least =
        fewer.withEntities(
            Smaller.list(fewer.entities(), some -> differs.test(fewer.withEntities(some))));
    var minimal =
        least.with(
            Smaller.members(request.context(), context -> differs.test(least.with(context))));
    return new Difference(minimal, ours(minimal).toString(), reference(minimal).toString());
  }

  /// Whether the engines still differ, and not because something that a policy needs was left out:
  /// only the policies that failed before, `failing`, may fail.
  private boolean differs(Case smaller, Set<PolicyId> failing) {
    try {
      var own = ours(smaller);
      var other = reference(smaller);
      return !own.equals(other)
          && failing.containsAll(own.failed())
          && failing.containsAll(other.failed());
    } catch (CedarUnavailable e) {
      return false;
    }
  }

  private Answer ours(Case smaller) {
    var policies = new PolicySet(smaller.policies());
    return answer(ours.evaluate(policies, smaller.request(), Entities.of(smaller.entities())));
  }

  private Answer reference(Case smaller) {
    var engine = set.cedar().only(smaller.policies(), smaller.entities());
    return answer(engine.evaluate(smaller.request()));
  }
}
