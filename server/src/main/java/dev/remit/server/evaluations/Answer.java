package dev.remit.server.evaluations;

import java.util.List;
import java.util.Optional;

/// What came back for one case.
public sealed interface Answer {

  /// A model's answer.
  ///
  /// @param text empty if it only asks for tools
  /// @param tools what it asks for, in its order
  /// @param model what answered, as it says itself
  record Said(
      String text,
      List<ToolCall> tools,
      long tokensIn,
      long tokensOut,
      Optional<String> model,
      Optional<String> systemFingerprint)
      implements Answer {
    public Said {
      tools = List.copyOf(tools);
    }
  }

  /// None, after all tries.
  ///
  /// @param why without anything that the endpoint said
  record Failed(String why) implements Answer {}

  /// A tool that a model asks for.
  ///
  /// @param arguments as it wrote them, perhaps broken
  record ToolCall(String name, String arguments) {}
}
