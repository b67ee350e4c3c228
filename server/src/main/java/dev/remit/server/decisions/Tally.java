package dev.remit.server.decisions;

import dev.remit.kernel.policy.Decision;
import dev.remit.kernel.policy.PolicyError;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.server.registry.Replayed;
import dev.remit.server.registry.Replayed.Example;
import dev.remit.server.registry.Replayed.Group;
import dev.remit.server.registry.Replayed.Unplayable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Counts what a replay finds, in bounded memory. For one thread; tallies of several are added up.
final class Tally {
  private static final int GROUPS_MAX = 200;
  private static final int EXAMPLES_MAX = 2;
  private static final Comparator<Example> NEWEST =
      Comparator.comparingLong(Example::index).reversed();

  private final Function<Question, Decision> present;
  private final Map<Cause, Sum> groups = new HashMap<>();
  private final TreeMap<Unplayable, Long> unplayable = new TreeMap<>();
  private long recorded;
  private long same;
  private long otherReason;
  private long ungrouped;

  /// What makes decisions differ alike.
  private record Cause(String was, String would, List<String> policies, String why) {}

  private static final class Sum {
    private long count;
    private long already;
    private final List<Example> examples = new ArrayList<>();

    void keep(Example example) {
      examples.add(example);
      examples.sort(NEWEST);
      if (examples.size() > EXAMPLES_MAX) {
        examples.removeLast();
      }
    }
  }

  /// @param present what the policies that are active now answer; asked of what differs only
  Tally(Function<Question, Decision> present) {
    this.present = present;
  }

  void lost(Unplayable why) {
    recorded++;
    unplayable.merge(why, 1L, Long::sum);
  }

  void made(Past.Made past, Decision again) {
    recorded++;
    var because = again.because().stream().map(PolicyId::value).toList();
    // Policy narrowed it then as well, and what was left could not be sent.
    boolean couldNotBeNarrowed =
        again instanceof Decision.Modify && past.text("ground").equals("unfulfilled");
    if (!couldNotBeNarrowed && !again.word().equals(past.word())) {
      differs(past, again, because);
    } else if (because.equals(past.because())) {
      same++;
    } else {
      otherReason++;
    }
  }

  private void differs(Past.Made past, Decision again, List<String> because) {
    var cause = cause(past, again, because);
    var sum = groups.get(cause);
    if (sum == null) {
      if (groups.size() == GROUPS_MAX) {
        ungrouped++;
        return;
      }
      sum = new Sum();
      groups.put(cause, sum);
    }
    sum.count++;
    if (present.apply(past.question()).word().equals(again.word())) {
      sum.already++;
    }
    sum.keep(example(past));
  }

  private static Cause cause(Past.Made past, Decision again, List<String> because) {
    var newly = new ArrayList<>(because);
    newly.removeAll(past.because());
    if (!newly.isEmpty()) {
      return new Cause(past.word(), again.word(), newly, "decided by " + quoted(newly));
    }
    if (because.isEmpty()) {
      var failing = again.errors().stream().map(PolicyError::policy).map(PolicyId::value).toList();
      if (!failing.isEmpty()) {
        var why = again.errors().getFirst().message();
        return new Cause(past.word(), again.word(), failing, quoted(failing) + " says: " + why);
      }
    }
    var formerly = new ArrayList<>(past.because());
    formerly.removeAll(because);
    var why =
        formerly.isEmpty()
            ? "no policy permits it"
            : quoted(formerly) + (formerly.size() == 1 ? " decides" : " decide") + " it no longer";
    return new Cause(past.word(), again.word(), formerly, why);
  }

  private static String quoted(List<String> policies) {
    return policies.stream().map(id -> "`" + id + "`").reduce((a, b) -> a + ", " + b).orElse("");
  }

  private static Example example(Past.Made past) {
    return new Example(
        past.entry().index(),
        past.text("id"),
        past.entry().at(),
        past.question().identity().value(),
        past.question().action().word(),
        past.text("target"),
        past.because());
  }

  /// Adds what another tally has counted.
  void add(Tally other) {
    recorded += other.recorded;
    same += other.same;
    otherReason += other.otherReason;
    ungrouped += other.ungrouped;
    other.unplayable.forEach((why, count) -> unplayable.merge(why, count, Long::sum));
    other.groups.forEach((cause, sum) -> {
      if (!groups.containsKey(cause) && groups.size() == GROUPS_MAX) {
        ungrouped += sum.count;
        return;
      }
      var into = groups.computeIfAbsent(cause, _ -> new Sum());
      into.count += sum.count;
      into.already += sum.already;
      sum.examples.forEach(into::keep);
    });
  }

  Replayed replayed(long asked) {
    var all = new ArrayList<Group>();
    groups.forEach((cause, sum) ->
        all.add(
            new Group(
                cause.was(),
                cause.would(),
                cause.policies(),
                cause.why(),
                sum.count,
                sum.already,
                sum.examples)));
    all.sort(Comparator.comparingLong(Group::count).reversed().thenComparing(Group::why));
    long grouped = all.stream().mapToLong(Group::count).sum();
    return new Replayed(
        asked, recorded, same, otherReason, grouped + ungrouped, all, ungrouped, unplayable);
  }
}
