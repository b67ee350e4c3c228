package dev.remit.server.lending;

import dev.remit.server.store.DatabaseConfig;
import java.nio.file.Path;

/// A process that has a credential issued and takes it back, and dies at the crash point that the
/// system property names.
final class CrashingLender {
  private CrashingLender() {}

  public static void main(String[] args) {
    var where = new DatabaseConfig(args[0], args[1], args[2], 5);
    var orders = new OrdersDatabase(Integer.parseInt(args[4]), args[5]);
    // Never closed in order: it dies before.
    var world =
        new LendingWorld(
            LendingWorld.QUICK, where, Path.of(args[3]), orders, LendingCrashes.ofProperty());
    var given = world.given("reader");
    world.complete(given);
    System.exit(1);
  }
}
