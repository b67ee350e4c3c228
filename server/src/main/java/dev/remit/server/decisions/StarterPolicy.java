package dev.remit.server.decisions;

import dev.remit.kernel.identity.PolicyName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.PolicyText;
import dev.remit.server.registry.Registered;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The policy that a new user starts with: each identity may do what its grants name, and nothing
/// else. It is ordinary Cedar text, to be read, kept in git and narrowed.
public final class StarterPolicy {
  private static final PolicyName NAME = new PolicyName("starter");

  private StarterPolicy() {}

  /// Returns the policy that permits exactly what `registered` grants.
  public static PolicyText of(Registered registered) {
    var statements = new ArrayList<String>();
    registered.grants().stream()
        .sorted(Comparator.comparing(grant -> grant.name().value()))
        .forEach(grant -> statements.add(statement(grant, registered)));
    return new PolicyText(
        NAME,
        "Each identity may use what it was granted, and nothing else.",
        String.join("\n", statements));
  }

  private static String statement(Grant grant, Registered registered) {
    var principal = "principal == " + Names.of(grant.identity());
    var resource = Names.of(grant.resource());
    var actions = new ArrayList<String>();
    registered.tools(grant.resource()).stream()
        .filter(grant::names)
        .map(tool -> Names.call(tool.name()).toString())
        .sorted()
        .forEach(actions::add);
    var text = new StringBuilder("// grant ").append(grant.name()).append('\n');
    if (!actions.isEmpty()) {
      text.append(permit(principal, actions, "resource"));
    }
    return text.append(permit(principal, offered(grant), "resource == " + resource)).toString();
  }

  private static List<String> offered(Grant grant) {
    var actions = new ArrayList<>(List.of(Names.of(Action.LIST).toString()));
    if (!grant.reads().isEmpty()) {
      actions.add(Names.of(Action.READ).toString());
    }
    if (!grant.prompts().isEmpty()) {
      actions.add(Names.of(Action.PROMPT).toString());
      actions.add(Names.of(Action.COMPLETE).toString());
    }
    return actions;
  }

  private static String permit(String principal, List<String> actions, String resource) {
    var list = actions.stream().collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
    return "permit (\n  " + principal + ",\n  action in " + list + ",\n  " + resource + "\n);\n";
  }
}
