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
  ISSUE
}
