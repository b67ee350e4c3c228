package dev.remit.server.decisions;

import tools.jackson.databind.JsonNode;

/// The arguments of the call that is asked about.
public sealed interface Arguments {

  /// As the agent sent them: an object, or a missing or null node where there were none.
  record Given(JsonNode json) implements Arguments {}

  /// Not known yet. The answer then says whether some arguments could be allowed: what a list may
  /// show. It is never enough for a call.
  record NotYet() implements Arguments {}
}
