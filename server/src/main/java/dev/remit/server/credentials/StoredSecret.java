package dev.remit.server.credentials;

import java.time.Instant;

/// What is known of a secret without opening it.
///
/// @param rotate whether it should be replaced at its source
/// @param by the person who stored it
public record StoredSecret(SecretName name, boolean rotate, String by, Instant storedAt) {}
