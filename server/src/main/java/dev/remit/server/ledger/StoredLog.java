package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Hash;

/// One log of the deployment, as its head row has it.
///
/// @param log its number in the tables
/// @param node whose log it is; [LedgerConfig#ROOT] for the root log
/// @param origin its name in checkpoints
/// @param epoch which life of it was begun last
/// @param note the signed checkpoint of exactly `size` and `root`, if the row is what it should be
public record StoredLog(
    int log, String node, String origin, long epoch, long size, Hash root, String note) {

  /// Whether it is the log over all others.
  public boolean isRoot() {
    return node.equals(LedgerConfig.ROOT);
  }
}
