/// The official MCP conformance runner, pointed at a server directly and at the same server through
/// Remit: both must give the same result, check by check. Start at [ConformanceTables].
@NullMarked
package dev.remit.conformance.runner;

import org.jspecify.annotations.NullMarked;
