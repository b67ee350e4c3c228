/// The way to the servers behind resources: Streamable HTTP endpoints and child processes.
///
/// Carries bytes and decides nothing. Both kinds of [Route] look alike from above: a [Departure]
/// goes in, an [Arrival] comes back as soon as it begins. Start at [Routes].
@NullMarked
package dev.remit.server.gateway.upstream;

import org.jspecify.annotations.NullMarked;
