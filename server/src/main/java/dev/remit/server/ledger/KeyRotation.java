package dev.remit.server.ledger;

import dev.remit.kernel.ledger.LogKey;

/// A log has changed its signing key.
///
/// @param previous the key that signed up to the entry that names the next
/// @param next the key that signs from then on
public record KeyRotation(LogKey previous, LogKey next) {}
