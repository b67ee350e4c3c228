/// Brings the log's checkpoints to witnesses and keeps what they say.
///
/// Off the path of appending: a witness that is slow or away delays nothing. Start at [Witnesses].
/// Protocol: C2SP tlog-witness; `docs/guides/witness.md`, ADR 0026.
@NullMarked
package dev.remit.server.witness;

import org.jspecify.annotations.NullMarked;
