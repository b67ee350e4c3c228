package dev.remit.server.registry;

import dev.remit.server.registry.shape.Places;
import tools.jackson.databind.node.ObjectNode;

/// One document of the right form, with where each part of it stands.
///
/// @param spec complete: fallbacks filled in, times in UTC, sets sorted; never changed
record Manifest(Ref ref, ObjectNode spec, Places places) {}
