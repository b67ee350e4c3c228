package dev.remit.server.emergency;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.decisions.Action;
import dev.remit.server.decisions.Question;
import dev.remit.server.decisions.Target;
import java.util.Optional;

/// For what policy's answer is lifted: calls of tools, of one identity or of a whole workflow, at
/// one resource.
///
/// @param workflow whose it is, also of the identity
/// @param identity empty for every identity of the workflow
/// @param tool without its resource; empty for every tool there
public record Lifted(
    WorkflowName workflow,
    Optional<IdentityName> identity,
    ResourceName resource,
    Optional<String> tool) {

  /// Whether it is this that is asked.
  ///
  /// @param asker the workflow of who asks
  boolean covers(Question question, WorkflowName asker) {
    return question.action() == Action.CALL
        && question.target() instanceof Target.OfTool(var asked)
        && asker.equals(workflow)
        && identity.map(question.identity()::equals).orElse(true)
        && asked.resource().equals(resource)
        && tool.map(asked.tool()::equals).orElse(true);
  }

  /// In words: `calls of identity clerk to bank/pay`.
  public String said() {
    return "calls of "
        + identity.map(name -> "identity " + name).orElse("workflow " + workflow)
        + " to "
        + resource
        + tool.map(name -> "/" + name).orElse(" (every tool)");
  }
}
