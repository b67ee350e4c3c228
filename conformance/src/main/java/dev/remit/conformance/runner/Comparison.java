package dev.remit.conformance.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// The same run twice: against a server directly, and against it through Remit.
public record Comparison(RunnerResult direct, RunnerResult governed) {

  public Comparison {
    if (!direct.revision().equals(governed.revision())) {
      throw new IllegalArgumentException("only runs of one revision can be compared");
    }
  }

  /// Returns one line for each check that differs; empty when Remit changed nothing.
  public List<String> differences() {
    var names = new TreeSet<>(direct.scenarios().keySet());
    names.addAll(governed.scenarios().keySet());
    var differences = new ArrayList<String>();
    for (var name : names) {
      compare(
          name,
          direct.scenarios().getOrDefault(name, List.of()),
          governed.scenarios().getOrDefault(name, List.of()),
          differences);
    }
    return differences;
  }

  private static void compare(
      String scenario, List<Check> direct, List<Check> governed, List<String> differences) {
    if (direct.size() != governed.size()) {
      differences.add(
          "%s: %d checks directly, %d through Remit"
              .formatted(scenario, direct.size(), governed.size()));
    }
    for (int i = 0; i < Math.min(direct.size(), governed.size()); i++) {
      var one = direct.get(i);
      var other = governed.get(i);
      if (!one.saysTheSameAs(other)) {
        differences.add(
            "%s: %s is %s directly, %s is %s through Remit %s"
                .formatted(
                    scenario, one.id(), one.status(), other.id(), other.status(), other.why()));
      }
    }
  }
}
