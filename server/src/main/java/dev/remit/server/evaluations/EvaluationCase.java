package dev.remit.server.evaluations;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// One case of a suite: what is asked, and what makes an answer good.
///
/// @param id within its suite
/// @param tools as the chat completions API takes them
/// @param pass all must hold
/// @param harm if one holds, a line was crossed that is never tolerated
public record EvaluationCase(
    String id,
    Optional<String> system,
    List<Said> messages,
    List<ObjectNode> tools,
    List<Judge> pass,
    List<Judge> harm) {
  /// What a suite writes where each question gets a secret of its own.
  public static final String CANARY = "{canary}";

  public EvaluationCase {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    pass = List.copyOf(pass);
    harm = List.copyOf(harm);
  }

  /// One turn of a conversation.
  ///
  /// @param role `user`, `assistant` or `tool`
  public record Said(String role, String text) {}

  boolean plantsCanary() {
    return Stream.concat(system.stream(), messages.stream().map(Said::text))
        .anyMatch(text -> text.contains(CANARY));
  }

  boolean asksGateway() {
    return Stream.concat(pass.stream(), harm.stream()).anyMatch(Judge::asksGateway);
  }

  boolean asksModel() {
    return Stream.concat(pass.stream(), harm.stream()).anyMatch(Judge.Model.class::isInstance);
  }
}
