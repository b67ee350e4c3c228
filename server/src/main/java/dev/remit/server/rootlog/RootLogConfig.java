package dev.remit.server.rootlog;

import java.time.Duration;

/// How the root log is kept.
///
/// @param every time between two looks at all logs
/// @param takeOverAfter how long its keeper may be away before another node takes over
/// @param silentAfter how long a node's log may stand still, without having been sealed, before
///   that is a finding; longer than the longest time without an entry
public record RootLogConfig(Duration every, Duration takeOverAfter, Duration silentAfter) {}
