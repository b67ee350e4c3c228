/// The main job, shown without preparation: `./remit tour`.
///
/// Starts a built Remit on free ports with a throwaway data directory, a real MCP server over a
/// real database behind it, and a real agent in front; then tells one story step by step and checks
/// each step. Start at [Tour].
@NullMarked
package dev.remit.conformance.tour;

import org.jspecify.annotations.NullMarked;
