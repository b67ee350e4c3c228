package dev.remit.server.inspection;

import dev.remit.kernel.identity.Word;

/// In which part of what flows through something was seen.
public enum Flow implements Word {
  /// What an agent sends to a tool, or to what else a server offers.
  ARGUMENTS,
  /// What comes back from it.
  RESULT,
  /// What a model is asked.
  PROMPT,
  /// What it answers.
  ANSWER;

  /// Whether it leads away from where the agent is.
  boolean leaves() {
    return this == ARGUMENTS || this == PROMPT;
  }
}
