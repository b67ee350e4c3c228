package dev.remit.server.approvals;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import tools.jackson.databind.json.JsonMapper;

/// Exactly what an approval is for. Change any of it and the approval does not cover it.
///
/// Who owns the workflow, what server and definition are behind the tool and which policies hold
/// may change while the request stays the same: the approval finds out by its assumptions.
///
/// @param asker the person who answers for the identity: its workflow's owner
/// @param arguments digest of the canonical arguments, and of whatever else the request hands over
/// @param policies the policy set that held the call
public record Binding(
    IdentityName identity,
    SpiffeId spiffeId,
    WorkflowName workflow,
    TaskId task,
    String intent,
    PersonName asker,
    Wanted wanted,
    Digest arguments,
    Digest policies) {

  /// One digest over all of it.
  public Digest digest() {
    return digest(
        identity.value(),
        spiffeId.value(),
        workflow.value(),
        task.value(),
        intent,
        asker.value(),
        wanted.method(),
        wanted.resource().value(),
        wanted.item(),
        wanted.server().value(),
        wanted.definition().map(Digest::value).orElse(""),
        arguments.value(),
        policies.value());
  }

  /// One digest over what is asked: two bindings with the same one are of the same request.
  public Digest request() {
    return digest(
        identity.value(),
        spiffeId.value(),
        workflow.value(),
        task.value(),
        intent,
        wanted.method(),
        wanted.resource().value(),
        wanted.item(),
        arguments.value());
  }

  /// One digest over the kind of request: the same but for its arguments.
  Digest kind() {
    return digest(
        identity.value(),
        spiffeId.value(),
        workflow.value(),
        task.value(),
        intent,
        wanted.method(),
        wanted.resource().value(),
        wanted.item());
  }

  /// The same over the parts as they are stored, in this order.
  static Digest digest(String... parts) {
    var all = JsonMapper.shared().createArrayNode();
    for (var part : parts) {
      all.add(part);
    }
    return CanonicalJson.digest(all);
  }
}
