package dev.remit.server.ledger;

/// A node wants to begin a log under a name that another node's log has.
public final class LogNameTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogNameTakenException(String origin, String node) {
    super(
        "the log `"
            + origin
            + "` belongs to node `"
            + node
            + "`; give this node its own `ledger.origin`, or its name as `node` to take it over");
  }
}
