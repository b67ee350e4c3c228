package dev.remit.kernel.change;

import dev.remit.kernel.identity.Word;

/// One thing that makes an identity behave as it does.
public enum Part implements Word {
  PROVIDER,
  MODEL,
  VERSION,
  PARAMETERS,

  /// Digests of the system prompts that it runs with.
  PROMPTS,

  /// Every tool within reach: its definition, effects and classes of data.
  TOOLS,

  CONTEXT_WINDOW,
  SAFETY,

  /// What stands around the model and is not its provider's.
  GUARDRAILS,

  /// What the provider has trained it further on.
  FINE_TUNE,

  /// What runs it, as far as the provider tells.
  BACKEND,

  /// What its grants reach, by grant.
  SCOPE,

  /// What was seen of it and accepted, beside what is declared.
  OBSERVED
}
