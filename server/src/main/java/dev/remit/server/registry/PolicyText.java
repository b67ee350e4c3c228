package dev.remit.server.registry;

import dev.remit.kernel.identity.PolicyName;
import dev.remit.kernel.identity.Word;

/// One named Cedar text, which may hold several statements.
///
/// @param mode whether it decides
public record PolicyText(PolicyName name, String description, String cedar, Mode mode)
    implements Declared {

  /// Whether a policy decides.
  public enum Mode implements Word {
    /// It does.
    ENFORCED,

    /// It is tried on each decision, and what it would have changed is recorded; it changes
    /// nothing.
    SHADOW
  }

  /// A policy that decides.
  public PolicyText(PolicyName name, String description, String cedar) {
    this(name, description, cedar, Mode.ENFORCED);
  }

  public boolean isShadow() {
    return mode == Mode.SHADOW;
  }

  @Override
  public Kind kind() {
    return Kind.POLICY;
  }

  @Override
  public String key() {
    return name.value();
  }
}
