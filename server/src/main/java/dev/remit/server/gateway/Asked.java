package dev.remit.server.gateway;

import dev.remit.kernel.identity.TaskId;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Target;
import dev.remit.server.registry.Tool;
import java.util.List;

/// What a request asks for, once scope and grants have been found to cover it.
sealed interface Asked {

  /// A tool, as it was reviewed.
  ///
  /// @param allowances how often each task that the call counts for may call, in the order of
  ///   [dev.remit.server.tokens.TaskClaims#tasks]
  record OfTool(Tool tool, List<Allowance> allowances) implements Asked {
    public OfTool {
      allowances = List.copyOf(allowances);
    }
  }

  /// How many calls a task may make altogether, parts that it delegated included.
  record Allowance(TaskId task, long callsMax) {}

  /// Something else that the resource offers.
  ///
  /// @param item a prompt's name or a resource's URI
  record OfItem(Action action, String item, Target.OfResource target) implements Asked {}

  default Action action() {
    return switch (this) {
      case OfTool _ -> Action.CALL;
      case OfItem(var action, _, _) -> action;
    };
  }

  default Target target() {
    return switch (this) {
      case OfTool(var tool, _) -> new Target.OfTool(tool.name());
      case OfItem(_, _, var target) -> target;
    };
  }

  /// What was asked for, by name.
  default String item() {
    return switch (this) {
      case OfTool(var tool, _) -> tool.name().toString();
      case OfItem(_, var item, _) -> item;
    };
  }
}
