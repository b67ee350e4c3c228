package dev.remit.server.gateway.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// The parameters of a request or notice that a decision can rest on.
///
/// A component that the message does not have is the missing node, which reads as empty.
///
/// @param fields the small ones: `name`, `uri`, `ref`, `requestId`, `notifications`, …
/// @param arguments what the caller hands to a tool or a prompt
/// @param meta the `_meta` object
public record Params(JsonNode fields, JsonNode arguments, JsonNode meta) {
  private static final String PREFIX = "io.modelcontextprotocol/";

  /// What a message without parameters has.
  public static final Params NONE =
      new Params(MissingNode.getInstance(), MissingNode.getInstance(), MissingNode.getInstance());

  /// The tool or prompt that is asked for; empty if none is named.
  public String name() {
    return fields.path("name").asString("");
  }

  /// The resource that is asked for; empty if none is named.
  public String uri() {
    return fields.path("uri").asString("");
  }

  /// The protocol version that the message itself declares (2026-07-28 and later); else empty.
  public String declaredVersion() {
    return meta.path(PREFIX + "protocolVersion").asString("");
  }

  /// Whether the message says what its client can do (2026-07-28 and later).
  public boolean declaresCapabilities() {
    return meta.path(PREFIX + "clientCapabilities").isObject();
  }
}
