/// Evidence bundles: cut out of the ledger what answers a question, with its proofs.
///
/// Start at [EvidenceExport]. What a bundle is and how it is verified is
/// [dev.remit.kernel.evidence], which needs no server.
@NullMarked
package dev.remit.server.evidence;

import org.jspecify.annotations.NullMarked;
