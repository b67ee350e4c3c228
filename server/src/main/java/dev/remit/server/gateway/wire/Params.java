package dev.remit.server.gateway.wire;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// The parameters of a request or notice that a decision can rest on.
///
/// A component that the message does not have is the missing node, which reads as empty.
///
/// @param fields the small ones: `name`, `uri`, `ref`, `requestId`, `notifications`,
///   `requestState`, …
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

  /// What the client carries back from an earlier answer (2026-07-28 and later); else empty.
  public String requestState() {
    return fields.path("requestState").asString("");
  }

  /// The client's answers to what it was asked for (2026-07-28 and later); else a missing node.
  public JsonNode inputResponses() {
    return fields.path("inputResponses");
  }

  /// Whether the client says of itself something that only a client can do that comes back when an
  /// answer requires input: every question to it travels that way (2026-07-28 and later).
  public boolean comesBack() {
    var can = meta.path(PREFIX + "clientCapabilities");
    return can.has("elicitation")
        || can.has("sampling")
        || can.has("roots")
        || can.path("extensions").has("dev.remit/approvals");
  }

  /// By what the client counts this request's progress, text or an integer; else a missing node.
  public JsonNode progressToken() {
    var token = meta.path("progressToken");
    return token.isString() || token.isIntegralNumber() ? token : MissingNode.getInstance();
  }

  /// The executed approval after which the client wants the same once more; else empty.
  public String again() {
    return meta.path("dev.remit/again").asString("");
  }
}
