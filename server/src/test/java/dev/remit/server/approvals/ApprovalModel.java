package dev.remit.server.approvals;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ApprovalId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.policy.Terms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must hold of approvals, said a second time and as plainly as possible: from what people
/// were seen to do it tells which call may be released. Knows nothing of rows or states.
final class ApprovalModel {

  /// A call that was asked for.
  record Asked(TaskId task, String to, String amount) {
    String given() {
      return "{\"to\":\"%s\",\"amount\":\"%s\"}".formatted(to, amount);
    }
  }

  /// What was seen of one approval.
  static final class Seen {
    final Asked asked;
    final Digest policies;
    final Terms terms;
    final Instant openedAt;
    final Instant lapsesAt;
    final @Nullable ApprovalId under;
    final Map<PersonName, Optional<ForTask>> agreed = new LinkedHashMap<>();
    boolean declined;
    boolean used;
    boolean stopped;
    int uses;

    Seen(
        Asked asked,
        Digest policies,
        Terms terms,
        Instant openedAt,
        Instant lapsesAt,
        @Nullable ApprovalId under) {
      this.asked = asked;
      this.policies = policies;
      this.terms = terms;
      this.openedAt = openedAt;
      this.lapsesAt = lapsesAt;
      this.under = under;
    }
  }

  final Map<ApprovalId, Seen> seen = new LinkedHashMap<>();

  Seen of(ApprovalId id) {
    return Optional.ofNullable(seen.get(id)).orElseThrow();
  }

  /// Whether `person` may have been heard, by what they hold now.
  Optional<String> mayNotAnswer(ApprovalId id, PersonName person, ApprovalsWorld world) {
    var it = seen.get(id);
    if (it == null) {
      return Optional.of("nobody asked for it");
    }
    if (person.equals(ApprovalsWorld.ANNA)) {
      return Optional.of("the owner answered");
    }
    if (!holds(world, person, Role.APPROVER)) {
      return Optional.of(person + " does not hold the role");
    }
    if (it.declined || it.used || it.stopped || it.agreed.containsKey(person)) {
      return Optional.of("it was settled, or " + person + " was heard before");
    }
    if (!world.now.isBefore(it.lapsesAt)) {
      return Optional.of("it was too late");
    }
    return it.policies.equals(world.policies)
        ? Optional.empty()
        : Optional.of("the policies had changed");
  }

  /// Why `id` must not release its call now; empty if it must.
  Optional<String> mustNotRelease(ApprovalId id, ApprovalsWorld world) {
    var it = seen.get(id);
    if (it == null) {
      return Optional.of("nobody asked for it");
    }
    var problems = new ArrayList<String>();
    if (it.used) {
      problems.add("it was used");
    }
    if (it.stopped) {
      problems.add("its task or identity was stopped");
    }
    if (it.declined) {
      problems.add("somebody said no");
    }
    if (!world.now.isBefore(it.lapsesAt)) {
      problems.add("its time is up");
    }
    if (!it.policies.equals(world.policies)) {
      problems.add("the policies are others");
    }
    var source = it.under == null ? it : seen.get(it.under);
    if (source == null || !hasQuorum(source, world)) {
      problems.add("too few permitted people have agreed");
    } else if (it.under != null) {
      problems.addAll(beyond(it, source));
    }
    return problems.isEmpty() ? Optional.empty() : Optional.of(problems.toString());
  }

  /// Everybody who has agreed must still hold the role, and all of them must suffice.
  private static boolean hasQuorum(Seen it, ApprovalsWorld world) {
    List<Set<Role>> roles = new ArrayList<>();
    for (var person : new HashSet<>(it.agreed.keySet())) {
      if (person.equals(ApprovalsWorld.ANNA) || !holds(world, person, Role.APPROVER)) {
        return false;
      }
      roles.add(Set.of(Role.APPROVER));
    }
    return it.terms.areMetBy(roles);
  }

  /// How a use goes beyond what all who agreed have allowed for the task.
  private static List<String> beyond(Seen use, Seen given) {
    var problems = new ArrayList<String>();
    for (var limits : given.agreed.values()) {
      if (limits.isEmpty()) {
        problems.add("somebody agreed to one call only");
        continue;
      }
      var most = limits.get();
      if (given.uses > most.uses()) {
        problems.add("it is use " + given.uses + " of " + most.uses());
      }
      if (!use.openedAt.isBefore(most.until())) {
        problems.add("it began too late");
      }
      boolean sameTo = use.asked.to().equals(given.asked.to());
      boolean sameAmount = use.asked.amount().equals(given.asked.amount());
      if ((!free(most, "to") && !sameTo) || (!free(most, "amount") && !sameAmount)) {
        problems.add("an argument is different that was not left free");
      }
    }
    if (!use.asked.task().equals(given.asked.task())) {
      problems.add("it is for another task");
    }
    if (!use.terms.equals(given.terms) || !use.policies.equals(given.policies)) {
      problems.add("it is held otherwise");
    }
    if (given.stopped) {
      problems.add("what it was given for was stopped");
    }
    return problems;
  }

  private static boolean free(ForTask limits, String name) {
    return limits.free().contains("*") || limits.free().contains(name);
  }

  private static boolean holds(ApprovalsWorld world, PersonName person, Role role) {
    return Optional.ofNullable(world.people.get(person)).filter(it -> it.may(role)).isPresent();
  }
}
