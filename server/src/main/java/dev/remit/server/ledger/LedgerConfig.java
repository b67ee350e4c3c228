package dev.remit.server.ledger;

import java.time.Duration;
import java.util.Optional;

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
/// @param keeper of the root log: the node that keeps it; empty for a node's own log
public record LedgerConfig(
    String node,
    String origin,
    int batchMax,
    int submittedMax,
    Duration submitWaitMax,
    Duration heartbeatEvery,
    Duration checkpointEvery,
    Duration closeWaitMax,
    Optional<String> keeper) {
  /// Under which name the root log is kept; no node has it.
  public static final String ROOT = "root";

  public LedgerConfig {
    if (batchMax < 1 || submittedMax < 1) {
      throw new IllegalArgumentException("batches and queues hold at least 1 entry");
    }
    if (node.equals(ROOT) != keeper.isPresent()) {
      throw new IllegalArgumentException("`" + ROOT + "` is the root log's name, and no node's");
    }
  }

  /// Returns how `keeper` keeps the root log.
  ///
  /// @param origin name of the root log in its checkpoints, used when it is created
  public LedgerConfig forRoot(String origin) {
    return new LedgerConfig(
        ROOT,
        origin,
        batchMax,
        submittedMax,
        submitWaitMax,
        heartbeatEvery,
        checkpointEvery,
        closeWaitMax,
        Optional.of(node));
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
        Duration.ofSeconds(20),
        Optional.empty());
  }
}
