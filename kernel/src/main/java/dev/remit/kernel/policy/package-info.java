/// Decides whether one identity may take one action on one resource, now.
///
/// Pure: no clock, no network, no database. The same request, policies and entities always give the
/// same [Decision], so an auditor can re-run any decision in the ledger offline. Evaluation is
/// total: a permit that fails to evaluate permits nothing, and a forbid that fails forbids (plain
/// Cedar skips both; [Combination] holds both rules side by side).
///
/// Start at [Combination]. Semantics and JSON mapping: `docs/formats/policy.md`. The `conformance`
/// module checks it against the official Cedar corpus and against cedar-java.
@NullMarked
package dev.remit.kernel.policy;

import org.jspecify.annotations.NullMarked;
