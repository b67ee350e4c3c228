package dev.remit.server.registry;

import dev.remit.kernel.identity.PolicyName;

/// One named Cedar text, which may hold several statements.
public record PolicyText(PolicyName name, String description, String cedar) implements Declared {

  @Override
  public Kind kind() {
    return Kind.POLICY;
  }

  @Override
  public String key() {
    return name.value();
  }
}
