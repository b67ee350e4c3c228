package dev.remit.server.decisions;

import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;

/// What an action is asked of.
public sealed interface Target {

  ResourceName resource();

  /// A tool, for [Action#CALL] and for no other.
  record OfTool(ToolName tool) implements Target {

    @Override
    public ResourceName resource() {
      return tool.resource();
    }
  }

  /// A model where it answers, for the actions that [are of one][Action#isOfModel].
  ///
  /// @param item the kind of request for [Action#ASK], the tool for [Action#HOST] and
  ///   [Action#PROPOSE], the member that wants something kept for [Action#RETAIN]
  record OfModel(ModelName model, ResourceName resource, String item) implements Target {}

  /// A resource and what is asked of it, for every other action.
  ///
  /// @param item the URI that is read, the name of the prompt, the method that is used; may be
  ///   empty
  record OfResource(ResourceName resource, String item) implements Target {}
}
