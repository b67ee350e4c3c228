package dev.remit.server.lending;

import org.slf4j.LoggerFactory;

/// Whether to die at a crash point. In production nobody does: a test starts the server with the
/// system property `remit.test.crash.lending`, which nothing else sets.
@FunctionalInterface
public interface LendingCrashes {
  String PROPERTY = "remit.test.crash.lending";

  LendingCrashes NEVER = _ -> {};

  /// Passes the point, or ends the process.
  void at(LendingCrash point);

  /// What the system property asks for; normally nothing.
  static LendingCrashes ofProperty() {
    var asked = System.getProperty(PROPERTY, "");
    if (asked.isEmpty()) {
      return NEVER;
    }
    LoggerFactory.getLogger(LendingCrashes.class)
        .warn(
            "this process will end itself at `{}`, as {} asks; only tests want that",
            asked,
            PROPERTY);
    var wanted = LendingCrash.parse(asked);
    return point -> {
      if (point == wanted) {
        Runtime.getRuntime().halt(137);
      }
    };
  }
}
