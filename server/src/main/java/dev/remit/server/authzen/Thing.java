package dev.remit.server.authzen;

import tools.jackson.databind.JsonNode;

/// A subject or a resource as a caller names it.
///
/// Source: Authorization API 1.0, sections 5.1 and 5.2.
///
/// @param id empty where a search looks for it
/// @param properties an object; empty when none were sent
record Thing(String type, String id, JsonNode properties) {

  Thing called(String otherId) {
    return new Thing(type, otherId, properties);
  }
}
