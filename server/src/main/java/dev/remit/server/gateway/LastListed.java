package dev.remit.server.gateway;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// What each server listed last, with the digest of each definition. Nearly every list says what
/// the one before it said, and to compare a definition costs a fraction of writing it canonically
/// and hashing it.
///
/// INVARIANT: a remembered digest is only given for a definition that is equal, member by member.
final class LastListed {
  private static final int SERVERS_MAX = 256;

  private final ConcurrentHashMap<ResourceName, Map<String, Known>> servers =
      new ConcurrentHashMap<>();

  private record Known(JsonNode tool, Digest digest) {}

  /// Returns the digest of each tool in a `tools/list` result by its name.
  ///
  /// @throws Definitions.Unanswered if the list is not to be trusted
  Map<String, Digest> digests(ResourceName resource, JsonNode result)
      throws Definitions.Unanswered {
    var before = servers.getOrDefault(resource, Map.of());
    var now = new HashMap<String, Known>();
    Map<String, Digest> digests = new HashMap<>();
    DefinitionQuery.collect(
        result,
        digests,
        tool -> {
          var name = tool.path("name").asString("");
          var known = before.get(name);
          if (known == null || !known.tool.equals(tool)) {
            known = new Known(tool, ToolDefinition.digest(tool));
          }
          now.put(name, known);
          return known.digest;
        });
    if (servers.size() >= SERVERS_MAX && !servers.containsKey(resource)) {
      servers.clear();
    }
    servers.put(resource, now);
    return digests;
  }
}
