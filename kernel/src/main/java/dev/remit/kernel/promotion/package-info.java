/// The promotion gate: what must be shown of a workflow, by its evidence, before it is trusted with
/// production.
///
/// Pure, and fed with ledger entries and what they say was declared. So the server asks it of the
/// live log, and an auditor of an evidence bundle, and both must come to the same (ADR 0111). Start
/// at [Gate].
@NullMarked
package dev.remit.kernel.promotion;

import org.jspecify.annotations.NullMarked;
