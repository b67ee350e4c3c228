/// The nouns that every part of Remit shares: typed ids, and the few closed vocabularies that a
/// manifest, a token, a policy and a ledger entry must spell alike.
///
/// Ids are records, never bare strings, so a workflow cannot be passed where an identity is meant.
/// Start at [IdentityName] and [SpiffeId]; the words are defined in `GLOSSARY.md`.
@NullMarked
package dev.remit.kernel.identity;

import org.jspecify.annotations.NullMarked;
