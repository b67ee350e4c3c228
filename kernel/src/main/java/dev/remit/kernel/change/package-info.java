/// What decides an identity, as one value that can be compared: the fingerprint of its model,
/// parameters, prompts, tools and scope, and how two of them differ.
///
/// Pure, so that an auditor computes it again from what the ledger says was declared (ADR 0150).
/// Start at [Fingerprint].
@NullMarked
package dev.remit.kernel.change;

import org.jspecify.annotations.NullMarked;
