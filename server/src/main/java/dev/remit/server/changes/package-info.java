/// Change control: what decides an identity is approved as one fingerprint, and a call on another
/// one is refused.
///
/// A change is opened when what is declared no longer is what was approved, or when something was
/// seen that was not; it is classified by what it could do ([Classifying]), evaluated, approved by
/// somebody else, and goes back by recorded criteria. Start at [Changes]; the states are in
/// [State]; what a call is held against is [Approved]. ADR 0150 to 0153 say why.
@NullMarked
package dev.remit.server.changes;

import org.jspecify.annotations.NullMarked;
