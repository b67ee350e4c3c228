/// Evidence bundles: what a ledger says about one workflow, identity or task, cut out of it so that
/// a stranger can verify it without the server.
///
/// Start at [BundleAudit], which checks one; [Selection] says which entries belong in it.
@NullMarked
package dev.remit.kernel.evidence;

import org.jspecify.annotations.NullMarked;
