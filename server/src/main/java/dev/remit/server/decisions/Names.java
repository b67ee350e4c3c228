package dev.remit.server.decisions;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.policy.EntityUid;

/// How our nouns are called in policies.
final class Names {

  private Names() {}

  static EntityUid of(IdentityName name) {
    return new EntityUid("Identity", name.value());
  }

  static EntityUid of(WorkflowName name) {
    return new EntityUid("Workflow", name.value());
  }

  static EntityUid of(ModelName name) {
    return new EntityUid("Model", name.value());
  }

  static EntityUid of(PersonName name) {
    return new EntityUid("Person", name.value());
  }

  static EntityUid of(ResourceName name) {
    return new EntityUid("Resource", name.value());
  }

  static EntityUid of(ToolName name) {
    return new EntityUid("Tool", name.toString());
  }

  static EntityUid of(Action action) {
    return new EntityUid("Action", action.word());
  }

  /// The action of calling just this tool. It cannot be mistaken for one of [Action], since a
  /// tool's name holds a slash.
  static EntityUid call(ToolName name) {
    return new EntityUid("Action", name.toString());
  }

  static EntityUid dataClass(String name) {
    return new EntityUid("DataClass", name);
  }
}
