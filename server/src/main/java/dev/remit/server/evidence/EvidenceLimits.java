package dev.remit.server.evidence;

/// The most that one bundle holds. It is made in memory, so that it is either whole or not there.
///
/// @param entriesMax entries
/// @param bodyBytesMax bytes of opened bodies, together
public record EvidenceLimits(int entriesMax, long bodyBytesMax) {}
