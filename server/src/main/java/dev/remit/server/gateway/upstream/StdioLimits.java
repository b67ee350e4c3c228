package dev.remit.server.gateway.upstream;

import java.time.Duration;

/// The limits of servers that run as child processes.
///
/// @param processesPerResourceMax processes of one server at once, 1 or more
/// @param discoverWithin how long one may take to say which era it speaks
/// @param legacyFor how long one that does not speak the modern era is not asked again
public record StdioLimits(
    int processesPerResourceMax, Duration discoverWithin, Duration legacyFor) {}
