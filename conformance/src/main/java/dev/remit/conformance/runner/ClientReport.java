package dev.remit.conformance.runner;

import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The part of the conformance page that tells of the runner's client mode.
final class ClientReport {
  private final List<Comparison> comparisons;
  private final Map<String, Bearing> bearings = Bearing.all();

  ClientReport(List<Comparison> comparisons) {
    this.comparisons = comparisons;
  }

  /// Returns one line for each check of a scenario whose server must see the same, and does not.
  static List<String> differences(Comparison comparison) {
    var bearings = Bearing.all();
    return new Comparison(
            judged(comparison.direct(), bearings), judged(comparison.governed(), bearings))
        .differences();
  }

  /// Returns the checks that must be the same on both ways.
  private static RunnerResult judged(RunnerResult result, Map<String, Bearing> bearings) {
    return result.only((scenario, check) ->
        bearings.get(scenario) instanceof Bearing.Same(var butFor)
            && !butFor.containsKey(check.id()));
  }

  String markdown() {
    var page = new StringBuilder();
    page.append(
        """

        # Client mode

        The runner starts a server for each scenario and then a client, and checks what the server
        saw. The client is ours, on the official TypeScript SDK (`conformance/src/node`); it is run
        at the scenario's server directly, and at Remit, where that server has been declared as a
        resource with an allow-all policy, a grant, and the tools that the direct run listed. Mere
        observations (`INFO`) are not counted.

        | Requirements | | Passed | Failed, scored | Failed, not scored |
        |---|---|---|---|---|
        """);
    for (var comparison : comparisons) {
      total(page, comparison.direct(), "directly");
      var same = names(bearings, Bearing.Same.class::isInstance);
      total(page, comparison.direct().only(same::contains), "directly, what must be the same");
      total(page, comparison.governed().only(same::contains), "through Remit, the same");
    }
    same(page);
    remit(page);
    notApplicable(page);
    return page.toString();
  }

  private void same(StringBuilder page) {
    page.append(
        """

        ## What the server must see just the same

        | Scenario | Requirements | Directly | Through Remit | |
        |---|---|---|---|---|
        """);
    for (var name : names(bearings, Bearing.Same.class::isInstance)) {
      for (var comparison : having(name)) {
        row(
            page,
            name,
            comparison,
            comparison.direct().notScored().contains(name) ? "not scored" : "");
      }
    }
    bearings.forEach((name, bearing) -> {
      if (bearing instanceof Bearing.Same(var butFor)) {
        butFor.forEach((check, why) ->
            page.append("\n`%s` of %s differs, and shall: %s.\n".formatted(check, name, why)));
      }
    });
    comparisons.stream()
        .flatMap(comparison -> differences(comparison).stream())
        .forEach(line -> page.append("\n- differs and shall not: ").append(line).append('\n'));
  }

  private void remit(StringBuilder page) {
    page.append(
        """

        ## Where Remit takes the server's part

        These scenarios check how a client signs in at the scenario's server. Behind Remit the agent
        signs in at Remit; its token never goes further (`ForwardingTest`), and the challenge of a
        server that wants a credential of its own is told to the agent as a failure of that server
        and never as a challenge (`BadInputTest`). Such servers get what the resource's manifest
        declares, a fixed secret; that Remit obtains tokens for upstreams as an OAuth client is not
        built. So the scenario's checks fail behind Remit by design, and these tests hold Remit to
        what it does instead.

        | Scenario | Requirements | Directly | Through Remit | What Remit does, and what checks it |
        |---|---|---|---|---|
        """);
    for (var name : names(bearings, Bearing.RemitItself.class::isInstance)) {
      for (var comparison : having(name)) {
        row(page, name, comparison, told(name));
      }
    }
  }

  private void notApplicable(StringBuilder page) {
    page.append(
        """

        ## What does not apply

        | Scenario | Requirements | Directly | Through Remit | Why |
        |---|---|---|---|---|
        """);
    for (var name : names(bearings, Bearing.NotApplicable.class::isInstance)) {
      for (var comparison : having(name)) {
        row(page, name, comparison, told(name));
      }
    }
  }

  private String told(String scenario) {
    return switch (bearings.get(scenario)) {
      case Bearing.RemitItself(var instead, var tests) ->
          instead + ": `" + String.join("`, `", tests) + "`";
      case Bearing.NotApplicable(var why) -> why;
      case Bearing.Same _ -> "";
      case null -> throw new IllegalArgumentException("`" + scenario + "` has no bearing");
    };
  }

  private List<Comparison> having(String scenario) {
    return comparisons.stream()
        .filter(comparison -> comparison.direct().scenarios().containsKey(scenario))
        .toList();
  }

  private static void row(StringBuilder page, String name, Comparison comparison, String told) {
    page.append(
        "| %s | %s | %s | %s | %s |\n"
            .formatted(
                name,
                comparison.direct().revision(),
                comparison.direct().cell(name),
                comparison.governed().cell(name),
                told));
  }

  private static void total(StringBuilder page, RunnerResult result, String way) {
    page.append(
        "| %s | %s | %d | %d | %d |\n"
            .formatted(
                result.revision(),
                way,
                result.passed(),
                result.failedScored(),
                result.failedNotScored()));
  }

  private static NavigableSet<String> names(
      Map<String, Bearing> bearings, Predicate<Bearing> which) {
    var names = new TreeSet<String>();
    bearings.forEach((name, bearing) -> {
      if (which.test(bearing)) {
        names.add(name);
      }
    });
    return names;
  }
}
