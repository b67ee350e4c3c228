package dev.remit.server;

import dev.remit.server.ledger.LedgerDamagedException;
import dev.remit.server.ledger.LogNameTakenException;
import dev.remit.server.settings.SettingsWrong;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.UnsafeDatabase;
import dev.remit.server.store.embedded.PostgresNotStarted;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/// `remit serve`: reads the configuration, starts the product, waits for the signal to stop.
///
/// Exit status: 0 after a clean stop, 1 when it could not start, 2 when it was told something
/// wrong.
public final class Main {
  private static final PrintStream OUT = System.out;
  private static final PrintStream ERR = System.err;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    var given = List.of(arguments);
    if (given.contains("--help") || given.contains("-h")) {
      OUT.print(ConfigSource.USAGE);
      return;
    }
    var server = startOrExit(given);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    greet(server.config());
    new CountDownLatch(1).await();
  }

  private static RemitServer startOrExit(List<String> arguments) {
    try {
      var config = ConfigSource.read(arguments);
      Logs.setUp(config.logging());
      return RemitServer.start(config, System.getenv(), Clock.systemUTC());
    } catch (SettingsWrong e) {
      ERR.println(e.getMessage());
      System.exit(2);
    } catch (PostgresNotStarted
        | UnsafeDatabase
        | DatabaseUnavailable
        | LedgerDamagedException
        | LogNameTakenException e) {
      ERR.println("cannot start: " + e.getMessage());
      System.exit(1);
    } catch (RuntimeException e) {
      LoggerFactory.getLogger(Main.class).error("cannot start", e);
      System.exit(1);
    }
    throw new IllegalStateException("exited");
  }

  /// Ends with 0, not with the number of the signal: stopping when asked is what was wanted.
  private static void stop(RemitServer server) {
    server.close();
    OUT.println("stopped");
    OUT.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void greet(Config config) {
    var data = config.data().toAbsolutePath().normalize();
    OUT.println("Remit is ready at " + config.publicUrl());
    OUT.println("  console         " + config.publicUrl() + "/console");
    OUT.println("  data            " + data);
    OUT.println("  operator token  " + data.resolve("operator.token"));
    OUT.println("  next            ./remit --help");
  }
}
