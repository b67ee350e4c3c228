package dev.remit.server.models;

import dev.remit.kernel.identity.DecisionId;
import dev.remit.server.gateway.Exchange;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Workflow;
import dev.remit.server.tokens.TaskClaims;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// One question of an agent, after the door: understood, from a good token.
///
/// @param id under which whatever is decided about it is recorded
/// @param token to be checked again before anything is sent
/// @param registered the snapshot by which it is judged from beginning to end
/// @param grants of those who delegated and of the agent; empty until they are found
/// @param json what was asked; never changed
/// @param bytes the same, as it came; not copied
/// @param headers that may travel on, under lower-case names
/// @param exchange by which it is cut while it is under way
@SuppressWarnings("ArrayRecordComponent") // carried once and never compared
record Asked(
    DecisionId id,
    String token,
    TaskClaims claims,
    Workflow workflow,
    Registered registered,
    Resource resource,
    Model model,
    List<Grant> grants,
    ModelRequest request,
    ObjectNode json,
    byte[] bytes,
    Map<String, String> headers,
    Exchange exchange) {

  Asked granted(List<Grant> found) {
    return new Asked(
        id,
        token,
        claims,
        workflow,
        registered,
        resource,
        model,
        found,
        request,
        json,
        bytes,
        headers,
        exchange);
  }

  /// The same question in other words.
  Asked saying(ObjectNode other, byte[] written) {
    return new Asked(
        id,
        token,
        claims,
        workflow,
        registered,
        resource,
        model,
        grants,
        request,
        other,
        written,
        headers,
        exchange);
  }

  Asked decidedAs(DecisionId other) {
    return new Asked(
        other,
        token,
        claims,
        workflow,
        registered,
        resource,
        model,
        grants,
        request,
        json,
        bytes,
        headers,
        exchange);
  }
}
