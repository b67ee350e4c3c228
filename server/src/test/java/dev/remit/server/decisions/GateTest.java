package dev.remit.server.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Findings;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.Request;
import dev.remit.server.registry.PolicyCheck.Verdict;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The gate with an evaluator that is wrong on purpose.
@Tag("R92")
class GateTest {
  private static final String ALL = "permit (principal, action, resource);";
  private static final String GUARD =
      "forbid (principal, action == Action::\"bank/pay\", resource)"
          + " when { context.arguments has to && context.arguments.to == \"elsewhere\""
          + " && principal in Workflow::\"invoices\" };";
  private static final String OTHER =
      "permit (principal, action == Action::\"files/read_file\", resource)"
          + " when { context.risk < 7 };";

  private final AtomicInteger evaluations = new AtomicInteger();
  private volatile Predicate<Request> wrongOn = _ -> false;
  private final RecordedWorld recorded = new RecordedWorld(this::evaluate);
  private final DecisionsWorld world = recorded.world;

  @AfterEach
  void close() {
    recorded.close();
  }

  /// Overlooks every forbid on the requests that it is wrong on.
  private Findings evaluate(
      dev.remit.kernel.policy.PolicySet policies,
      Request request,
      dev.remit.kernel.policy.Entities entities) {
    evaluations.incrementAndGet();
    var right = policies.evaluate(request, entities);
    return wrongOn.test(request)
        ? new Findings(
            right.answers().stream()
                .filter(answer -> !answer.policy().id().value().equals("p1"))
                .toList())
        : right;
  }

  private static boolean isPayment(Request request) {
    return request.action().equals(new EntityUid("Action", "bank/pay"));
  }

  @Test
  void a_difference_refuses_activation_and_denies_everything() {
    wrongOn = GateTest::isPayment;

    var verdict = world.check(ALL, GUARD, OTHER);
    world.activate(ALL, GUARD, OTHER);

    assertThat(verdict).isInstanceOf(Verdict.Invalid.class);
    assertThat(((Verdict.Invalid) verdict).problems().getFirst().message())
        .contains("the two policy engines disagree", "elsewhere");
    assertThat(world.call("files/read_file", "{'path':'/data'}").decision())
        .isInstanceOf(Decision.Deny.class);
    assertThat(recorded.reader.last(EntryType.POLICY_GATED)).isEmpty();
  }

  @Test
  void the_case_that_is_shown_holds_nothing_that_could_be_left_out() {
    wrongOn = GateTest::isPayment;
    var registered = world.with(ALL, GUARD, OTHER);
    var made = new World(registered);
    var set = ActiveSet.of(registered, made, CompiledPolicies.of(registered, made));
    var generator = new Generator(set.policies().policies(), made, 1);
    set.cedar().prepare();

    var trial = new Gate(this::evaluate, set).run(() -> java.util.Optional.of(generator.next()));

    var minimal = trial.difference().orElseThrow().minimal();
    assertThat(minimal.policies())
        .extracting(Policy::id)
        .extracting(Object::toString)
        .containsExactly("p1");
    assertThat(minimal.entities())
        .as("the workflow is found through its member")
        .extracting(each -> each.uid().type())
        .containsOnly("Identity");
    assertThat(minimal.request().context().toString())
        .isEqualTo("{arguments={to=Text[value=elsewhere]}}");
  }

  @Test
  void what_was_really_asked_is_tried_as_well_as_what_was_made_up() {
    world.activate(ALL);
    recorded.call("bank/pay", "{'amount':5,'to':'a place no generator makes up'}");
    wrongOn = request -> isPayment(request) && request.toString().contains("a place no generator");

    var verdict =
        world.check(
            ALL,
            "forbid (principal, action == Action::\"bank/pay\", resource)"
                + " when { context.arguments has to && context.arguments.to like \"a place*up\" };");

    assertThat(verdict).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_set_that_has_passed_is_not_tried_again_by_the_next_process_and_the_ledger_says_so() {
    world.activate(ALL, GUARD);
    int first = evaluations.get();
    evaluations.set(0);
    var next = recorded.deciding(this::evaluate);

    next.activate(ALL, GUARD);
    int again = evaluations.get();

    assertThat(first).isGreaterThanOrEqualTo(300);
    assertThat(again).isZero();
    assertThat(next.call("bank/pay", "{'amount':5,'to':'elsewhere'}").decision())
        .isInstanceOf(Decision.Deny.class);
    var entry = recorded.reader.last(EntryType.POLICY_GATED).orElseThrow();
    assertThat(entry.text("policies")).contains(world.decisions.version().value());
    assertThat(entry.number("generated")).isEqualTo(300);
    assertThat(entry.text("reference").orElseThrow()).contains("cedar-java");
  }

  @Test
  void another_version_of_either_engine_has_to_pass_for_itself() {
    world.activate(ALL, GUARD);
    recorded.sql("UPDATE policy_gate SET compiled = 'another build'");
    evaluations.set(0);

    recorded.deciding(this::evaluate).activate(ALL, GUARD);

    assertThat(evaluations.get()).isGreaterThanOrEqualTo(300);
  }

  @Test
  void values_that_cedar_has_no_form_for_are_left_out_and_counted() {
    world.activate(ALL);
    recorded.call("bank/pay", "{'amount':5.000001}");
    recorded.call("bank/pay", "{'amount':5}");

    world.activate(ALL, GUARD);

    var entry = recorded.reader.last(EntryType.POLICY_GATED).orElseThrow();
    assertThat(entry.number("recorded")).isEqualTo(1);
    assertThat(entry.number("incomparable")).isEqualTo(1);
  }

  @Test
  void many_sets_may_be_planned_and_cedar_still_has_the_one_that_decides() {
    var world = new DecisionsWorld(DecisionEngine.CEDAR);
    world.activate(ALL);

    for (int i = 0; i < 30; i++) {
      world.check(ALL + " // " + i);
    }

    assertThat(world.call("bank/pay", "{'amount':5}").decision())
        .isInstanceOf(Decision.Allow.class);
  }
}
