package dev.remit.server.drills;

import java.io.Serial;

/// A drill cannot be carried through; the message says what is in the way.
final class DrillFailed extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  DrillFailed(String why) {
    super(why);
  }

  DrillFailed(String why, Throwable cause) {
    super(why, cause);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
