package dev.remit.server.registry.shape;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One key of a mapping.
///
/// @param required whether it must be written
/// @param fallback what is stored when it is not written; empty when nothing is
/// @param meaning one sentence for the reference, without a full stop
public record Field(
    String name, Shape shape, boolean required, Optional<JsonNode> fallback, String meaning) {

  public static Field required(String name, Shape shape, String meaning) {
    return new Field(name, shape, true, Optional.empty(), meaning);
  }

  public static Field optional(String name, Shape shape, String meaning) {
    return new Field(name, shape, false, Optional.empty(), meaning);
  }

  public static Field fallback(String name, Shape shape, JsonNode value, String meaning) {
    return new Field(name, shape, false, Optional.of(value), meaning);
  }
}
