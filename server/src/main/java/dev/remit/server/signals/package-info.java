/// Hears from others that somebody must not act any more: security event tokens of configured
/// transmitters, pushed to us.
///
/// What is heard only ever takes away: it suspends, or ends a task, and never lets anybody go on.
/// Start at [SignalReceiver]. What we tell others leaves by an export (`dev.remit.server.export`).
/// Why so: ADR 0048.
@NullMarked
package dev.remit.server.signals;

import org.jspecify.annotations.NullMarked;
