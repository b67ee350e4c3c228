/// The log over all nodes' logs: what each had signed for, and when it was there.
///
/// Start at [RootLog]. Which node keeps it is [dev.remit.server.ledger.RootFence]; how one log is
/// compared with what was seen of it is [dev.remit.server.ledger.LogLook]. ADR 0028.
@NullMarked
package dev.remit.server.rootlog;

import org.jspecify.annotations.NullMarked;
