package dev.remit.server.registry;

import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.ResourceName;

/// Something that identities reach: an MCP server with its tools, a database, or a place where
/// models answer.
public record Resource(ResourceName name, Environment environment, Upstream upstream)
    implements Declared {

  @Override
  public Kind kind() {
    return Kind.RESOURCE;
  }

  @Override
  public String key() {
    return name.value();
  }
}
