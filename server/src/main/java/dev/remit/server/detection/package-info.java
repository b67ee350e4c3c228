/// Detects from use that a credential is not used as it was meant, and that authority grew without
/// an approval.
///
/// Beside the path of calls: what is recorded is read from the ledger, from a durable position, so
/// that a crash loses no alarm; only where a token is used from is noted on the way, and judged
/// elsewhere. What is found is a finding, with its entry, and leaves by the exports. Start at
/// [Detection]. What is and is not found is said at each detector; why so: ADR 0049.
@NullMarked
package dev.remit.server.detection;

import org.jspecify.annotations.NullMarked;
