/// Logs that Remit wrote, judged by verifiers that it did not write. Start at
/// [ForeignVerifiersTest].
@NullMarked
package dev.remit.conformance.ledger;

import org.jspecify.annotations.NullMarked;
