package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Hash;

/// The row that says how far a log has come and who may append to it.
record Head(int log, String origin, long epoch, long lastN, long size, Hash root, String note) {}
