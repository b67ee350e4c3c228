package dev.remit.server.ledger;

import java.time.Duration;

/// How one node keeps its log.
///
/// @param node this node's name; the same node continues the same log at each start
/// @param origin name of the log in checkpoints, used when the log is created and kept from then on
/// @param batchMax most entries in one transaction, at least 1
/// @param submittedMax most entries that wait without a caller, at least 1
/// @param submitWaitMax longest that [Ledger#submit] blocks when that many wait
/// @param heartbeatEvery longest time without an entry
/// @param checkpointEvery least time between two checkpoints that are kept besides the last
/// @param closeWaitMax longest that [Ledger#close] tries to store what still waits
public record LedgerConfig(
    String node,
    String origin,
    int batchMax,
    int submittedMax,
    Duration submitWaitMax,
    Duration heartbeatEvery,
    Duration checkpointEvery,
    Duration closeWaitMax) {

  public LedgerConfig {
    if (batchMax < 1 || submittedMax < 1) {
      throw new IllegalArgumentException("batches and queues hold at least 1 entry");
    }
  }

  public LedgerConfig(String node, String origin) {
    this(
        node,
        origin,
        1000,
        10_000,
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(1),
        Duration.ofSeconds(20));
  }
}
