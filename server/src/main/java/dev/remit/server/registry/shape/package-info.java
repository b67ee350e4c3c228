/// What a place in a YAML document may hold, said once and used three times: to read strictly with
/// every flaw at its line and column, to publish as JSON Schema, and to print as a reference page.
///
/// Knows nothing of what the documents mean. Start at [Shape], then [ShapeReader].
@NullMarked
package dev.remit.server.registry.shape;

import org.jspecify.annotations.NullMarked;
