package dev.remit.server.lending.postgres;

import java.sql.SQLException;

/// What was to be done at a database could not be done. Says what and why, and holds no secret.
public final class PlaceFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  PlaceFailed(String attempted, SQLException cause) {
    super(attempted + ": " + said(cause), cause);
  }

  public PlaceFailed(String message) {
    super(message);
  }

  /// The message of the server's first line; the driver puts hints and contexts behind.
  private static String said(SQLException e) {
    // A pool says that it waited in vain; what it waited for is behind.
    var first = e.getCause() instanceof SQLException cause ? cause : e;
    var text = String.valueOf(first.getMessage()).lines().findFirst().orElse("no reason given");
    return first.getSQLState() == null ? text : text + " (" + first.getSQLState() + ")";
  }

  /// The message, or what it says, since every exception of ours has one.
  public String why() {
    return String.valueOf(getMessage());
  }
}
