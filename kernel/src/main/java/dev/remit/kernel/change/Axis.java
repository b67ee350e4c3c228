package dev.remit.kernel.change;

import dev.remit.kernel.identity.Word;

/// In which respect a change can be a matter of security. Never averaged: each stands alone.
public enum Axis implements Word {
  /// Which data it may see, or show.
  DATA_EXPOSURE,

  /// What it may do.
  TOOL_AUTHORITY,

  /// What it declines to do when it is asked by the wrong person or text.
  REFUSAL_BEHAVIOUR,

  /// What others do with what it says.
  WORKFLOW_INTEGRITY
}
