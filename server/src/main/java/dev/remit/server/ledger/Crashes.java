package dev.remit.server.ledger;

import dev.remit.server.ledger.CrashPoint.Moment;
import dev.remit.server.ledger.CrashPoint.Stage;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/// Whether to die at a crash point. In production nobody does: a test hands in another one, or
/// starts the server with the system property `remit.test.crash`, which nothing else sets.
@FunctionalInterface
public interface Crashes {
  String PROPERTY = "remit.test.crash";

  Crashes NEVER = (_, _) -> {};

  /// Passes the point, or ends the process.
  void at(Stage stage, Moment moment);

  /// Ends the process the `times`-th time that it comes to `point`: at once, without shutdown hooks
  /// or anything that a signal would give it time for.
  static Crashes at(CrashPoint point, int times) {
    var left = new AtomicInteger(times);
    return (stage, moment) -> {
      boolean there = point.stage() == stage && point.moment() == moment;
      if (there && left.decrementAndGet() == 0) {
        Runtime.getRuntime().halt(137);
      }
    };
  }

  /// What the system property asks for: `STAGE/MOMENT` or `STAGE/MOMENT*TIMES`; normally nothing.
  ///
  /// @throws IllegalArgumentException if it names no crash point
  static Crashes ofProperty() {
    var asked = System.getProperty(PROPERTY, "");
    if (asked.isEmpty()) {
      return NEVER;
    }
    LoggerFactory.getLogger(Crashes.class)
        .warn(
            "this process will end itself at `{}`, as {} asks; only tests want that",
            asked,
            PROPERTY);
    int star = asked.indexOf('*');
    return star < 0
        ? at(CrashPoint.parse(asked), 1)
        : at(
            CrashPoint.parse(asked.substring(0, star)),
            Integer.parseInt(asked.substring(star + 1)));
  }
}
