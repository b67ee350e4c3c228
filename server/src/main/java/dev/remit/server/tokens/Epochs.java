package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;

/// The standings that a token was minted under.
///
/// @param owner the workflow's owner then
/// @param identity the identity's epoch then
/// @param workflow the workflow's epoch then
/// @param person the owner's epoch then
public record Epochs(PersonName owner, long identity, long workflow, long person) {}
