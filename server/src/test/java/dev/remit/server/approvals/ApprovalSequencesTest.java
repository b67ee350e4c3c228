package dev.remit.server.approvals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.policy.Quorum;
import dev.remit.kernel.policy.Terms;
import dev.remit.server.approvals.Approval.Settlement;
import dev.remit.server.approvals.ApprovalModel.Asked;
import dev.remit.server.approvals.ApprovalModel.Seen;
import dev.remit.server.tokens.Party;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Thousands of random orders of what can happen to held calls: whatever they are, a call is
/// released exactly when a valid, matching, unused approval by permitted other people says so.
@Tag("R172")
@Tag("R93")
class ApprovalSequencesTest {
  private static final int SEQUENCES = Integer.getInteger("remit.sequences", 2_000);
  private static final int STEPS = 16;
  private static final List<PersonName> PEOPLE =
      List.of(ApprovalsWorld.ANNA, ApprovalsWorld.BEA, ApprovalsWorld.CARL, ApprovalsWorld.SAM);

  private final long seed = Long.getLong("remit.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final ApprovalsWorld world = new ApprovalsWorld();
  private final Map<String, Integer> done = new TreeMap<>();
  private final List<String> story = new ArrayList<>();
  private final List<TaskId> tasks = new ArrayList<>();
  private ApprovalModel model = new ApprovalModel();

  @Test
  void no_call_is_released_without_a_valid_unused_approval_by_permitted_others() {
    try (world) {
      for (int i = 0; i < SEQUENCES; i++) {
        begin();
        for (int step = 0; step < STEPS; step++) {
          step();
        }
      }
    }
    System.out.println(SEQUENCES + " sequences, seed " + seed + ": " + done);
    assertThat(done).containsKeys("released", "released under another", "kept back", "restart");
  }

  private void begin() {
    model = new ApprovalModel();
    story.clear();
    tasks.clear();
    tasks.add(TaskId.fresh(world.now));
    tasks.add(TaskId.fresh(world.now));
    world.policies = policies(0);
    world.person(ApprovalsWorld.ANNA, Role.OWNER, Role.APPROVER);
    world.person(ApprovalsWorld.BEA, Role.APPROVER);
    world.person(ApprovalsWorld.CARL, Role.APPROVER);
    world.person(ApprovalsWorld.SAM, Role.SECURITY);
  }

  private void step() {
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5 -> ask();
      case 6, 7, 8, 9, 10, 11 -> answer();
      case 12, 13, 14, 15, 16, 17 -> release();
      case 18 -> {
        int to = random.nextInt(2);
        world.policies = policies(to);
        note("policies", "" + to);
      }
      case 19 -> roles();
      case 20 -> {
        world.pass(Duration.ofSeconds(random.nextInt(400)));
        note("time", "" + world.now);
      }
      case 21 -> {
        world.approvals.lapse(world.now);
        note("lapse", "");
      }
      case 22 -> stop();
      default -> {
        if (random.nextInt(8) == 0) {
          world.restart();
          note("restart", "");
        }
      }
    }
  }

  private void ask() {
    var asked =
        new Asked(tasks.get(random.nextInt(2)), "to-" + random.nextInt(2), "" + random.nextInt(3));
    var found = ((Attached.To) world.attach(asked.task(), asked.given(), terms())).approval();
    note("ask", asked + " → " + found.id() + " " + found.state());
    if (!model.seen.containsKey(found.id())) {
      var under = found.under().orElse(null);
      model.seen.put(
          found.id(),
          new Seen(asked, world.policies, terms(), found.openedAt(), found.lapsesAt(), under));
      found.under().ifPresent(given -> model.of(given).uses++);
    }
    assertThat(model.of(found.id()).asked).as(this::told).isEqualTo(asked);
  }

  private void answer() {
    any()
        .ifPresent(id -> {
          var person = PEOPLE.get(random.nextInt(PEOPLE.size()));
          var forTask =
              Optional.of(
                      new ForTask(
                          2 + random.nextInt(2),
                          world.now.plusSeconds(1 + random.nextInt(500)),
                          random.nextBoolean() ? Set.of("amount") : Set.of("*")))
                  .filter(_ -> random.nextInt(3) > 0);
          boolean agrees = random.nextInt(6) > 0;
          var forbidden = model.mayNotAnswer(id, person, world);
          var approval = world.approvals.find(id).orElseThrow();
          var said = new Answering(agrees, "because", agrees ? forTask : Optional.empty());
          var settlement = world.answer(approval, person, said);
          note("answer", id + " " + person + " " + said + " → " + settlement);
          heard(id, person, said, settlement, forbidden);
        });
  }

  private void heard(
      ApprovalId id,
      PersonName person,
      Answering said,
      Settlement settlement,
      Optional<String> forbidden) {
    var seen = model.of(id);
    switch (settlement) {
      case Settlement.Granted _, Settlement.Counted _ -> {
        assertThat(forbidden).as(this::told).isEmpty();
        seen.agreed.put(person, said.forTask());
        seen.uses = 1;
      }
      case Settlement.Declined() -> seen.declined = true;
      case Settlement.Voided _ -> seen.stopped = true;
      case Settlement.Lapsed _,
          Settlement.Settled _,
          Settlement.OwnRequest _,
          Settlement.NotAsked _,
          Settlement.Apart _,
          Settlement.AgreedAlready _,
          Settlement.NotForTask _ -> {}
    }
  }

  /// Tries by the approval as it is now or as it was when it was granted.
  private void release() {
    any()
        .ifPresent(id -> {
          var approval = world.approvals.find(id).orElseThrow();
          var mustNot = model.mustNotRelease(id, world);
          boolean alive = approval.isAlive();
          boolean released = world.make(approval);
          note("release", id + " → " + released + " " + mustNot);
          if (released) {
            assertThat(mustNot).as(this::told).isEmpty();
            model.of(id).used = true;
            count(approval.under().isPresent() ? "released under another" : "released");
          } else {
            // What is void or lapsed in its row may have come right again since; never the reverse.
            if (alive && approval.state() == Approval.State.GRANTED) {
              assertThat(mustNot).as(this::told).isPresent();
            }
            count("kept back");
          }
        });
  }

  private void roles() {
    var person = PEOPLE.get(1 + random.nextInt(2));
    var role = random.nextBoolean() ? Role.PRIVACY : Role.APPROVER;
    world.person(person, role);
    note("roles", person + " " + role);
  }

  private void stop() {
    if (random.nextBoolean()) {
      world.approvals.cancel(Party.of(ApprovalsWorld.AGENT), List.of(), world.now);
      model.seen.values().forEach(one -> one.stopped = true);
      note("suspend", "");
    } else {
      var task = tasks.get(random.nextInt(2));
      world.approvals.cancel(task, world.now);
      model.seen.values().stream()
          .filter(one -> one.asked.task().equals(task))
          .forEach(one -> one.stopped = true);
      note("end", task.value());
    }
  }

  private Optional<ApprovalId> any() {
    var ids = List.copyOf(model.seen.keySet());
    return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
  }

  /// Under other policies a call is held on other terms.
  private Terms terms() {
    int people = world.policies.equals(policies(0)) ? 1 : 2;
    return new Terms(Set.of(new Quorum(people, Set.of(Role.APPROVER))), 3, Set.of());
  }

  private static Digest policies(int version) {
    return Digest.of("policies " + version);
  }

  private void note(String what, String detail) {
    story.add(what + " " + detail);
    count(what);
  }

  private void count(String what) {
    done.merge(what, 1, Integer::sum);
  }

  private String told() {
    return "seed " + seed + "\n" + String.join("\n", story) + "\n";
  }
}
