package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.ToolName;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// One callable thing behind a resource, as somebody reviewed it.
///
/// @param dataClasses the classes of data a call may touch
/// @param amount the argument that says how big the transaction is
/// @param definition the pin: digest of the definition that was reviewed, see
///   [dev.remit.kernel.identity.ToolDefinition]
/// @param inputSchema JSON Schema of the arguments; shared, never to be changed
public record Tool(
    ToolName name,
    Set<Effect> effects,
    Set<String> dataClasses,
    Optional<String> amount,
    Digest definition,
    JsonNode inputSchema)
    implements Declared {

  public Tool {
    effects = Set.copyOf(effects);
    dataClasses = Set.copyOf(dataClasses);
  }

  @Override
  public Kind kind() {
    return Kind.TOOL;
  }

  @Override
  public String key() {
    return name.toString();
  }
}
