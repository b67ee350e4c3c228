package dev.remit.server.tokens;

import java.time.Instant;

/// Where one party stands, and since when.
///
/// @param epoch how often it has been suspended; a token carries the epochs it was minted under and
///   is dead under later ones
/// @param reason what was said when it last changed
/// @param by the person who said it, or `transmitter` and the name of one
public record PartyStanding(
    Party party, boolean suspended, long epoch, String reason, String by, Instant since) {}
