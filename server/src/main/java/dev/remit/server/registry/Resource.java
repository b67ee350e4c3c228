package dev.remit.server.registry;

import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.ResourceName;

/// Something that identities reach: an MCP server with its tools, or a database.
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
