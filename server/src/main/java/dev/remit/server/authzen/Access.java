package dev.remit.server.authzen;

import tools.jackson.databind.JsonNode;

/// What is asked: may this subject do this to that resource.
///
/// @param action the action's name; empty where a search looks for it
/// @param actionProperties an object; empty when none were sent
/// @param context an object; empty when none was sent
record Access(
    Thing subject, String action, JsonNode actionProperties, Thing resource, JsonNode context) {

  Access by(String subjectId) {
    return new Access(subject.called(subjectId), action, actionProperties, resource, context);
  }

  Access to(String resourceId) {
    return new Access(subject, action, actionProperties, resource.called(resourceId), context);
  }

  Access doing(String name) {
    return new Access(subject, name, actionProperties, resource, context);
  }
}
