package dev.remit.server.registry;

import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What of a proposal is a change of what decides an identity, for people who plan one.
@FunctionalInterface
public interface Foresight {
  Foresight NONE = (_, _) -> JsonNodeFactory.instance.arrayNode();

  ArrayNode foresee(Registered next, Instant now);
}
