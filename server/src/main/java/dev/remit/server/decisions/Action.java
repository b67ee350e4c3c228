package dev.remit.server.decisions;

import dev.remit.kernel.identity.Word;

/// What an identity may ask for. In policies each is an action, `Action::"call"`; each tool has one
/// more, `Action::"files/read_file"`, that is a member of `Action::"call"` and has typed arguments.
public enum Action implements Word {
  /// Call a tool.
  CALL,

  /// Read a resource by URI, or subscribe to it.
  READ,

  /// Get a prompt.
  PROMPT,

  /// Ask for a completion of an argument.
  COMPLETE,

  /// List what a resource offers.
  LIST,

  /// Ask the client's model through sampling.
  SAMPLE,

  /// Ask the client's user through elicitation.
  ELICIT,

  /// Obtain a credential for a resource, such as a role in a database.
  ISSUE,

  /// Ask a model.
  ASK,

  /// Have a model's provider run a tool of its own, such as a search of the web.
  HOST,

  /// Have a model's provider keep what was asked, or go on with what it has kept.
  RETAIN,

  /// Let a model propose a call of a tool that nobody has declared.
  PROPOSE;

  /// Whether it is asked of a [Target.OfModel].
  public boolean isOfModel() {
    return switch (this) {
      case ASK, HOST, RETAIN, PROPOSE -> true;
      case CALL, READ, PROMPT, COMPLETE, LIST, SAMPLE, ELICIT, ISSUE -> false;
    };
  }

  /// The kind of entity it is asked of, as policies name it.
  String resourceType() {
    return this == CALL ? "Tool" : isOfModel() ? "Model" : "Resource";
  }
}
