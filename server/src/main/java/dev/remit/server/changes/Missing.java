package dev.remit.server.changes;

/// A suite that a change has not passed, and why not.
public record Missing(String suite, String why) {
  @Override
  public String toString() {
    return "`" + suite + "` (" + why + ")";
  }
}
