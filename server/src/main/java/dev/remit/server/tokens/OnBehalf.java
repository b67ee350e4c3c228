package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;

/// The person who signed in and let an agent act for them, in one task.
///
/// @param person who; the token's `sub`
/// @param epoch their standing's epoch when they agreed: a suspension since then ends it
/// @param client the client ID of the program at which they did, the address of its metadata
public record OnBehalf(PersonName person, long epoch, String client) {}
