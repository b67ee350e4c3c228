package dev.remit.server.store;

import java.sql.Connection;
import java.sql.SQLException;

/// Sends the commit. There is one way to do it in the product ([#PLAIN]); tests put a fault here,
/// so that both halves of a lost commit can be provoked on a real database: lost, and stored but
/// reported failed.
@FunctionalInterface
public interface CommitHook {
  CommitHook PLAIN = Connection::commit;

  /// Commits, or throws what a broken connection would throw.
  void commit(Connection connection) throws SQLException;
}
