package dev.remit.server.inspection;

import tools.jackson.databind.JsonNode;

/// A JSON value after secrets were cut out of it.
///
/// @param count how many of its texts were changed
public record JsonCut(JsonNode json, int count) {}
