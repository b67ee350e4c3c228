package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.OwnedPostgres;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A database credential, issued and taken back: alone, and beside ten thousand live ones. The
/// database is on the same server as Remit's own, so that both wait for one disk.
final class CredentialBench {
  private static final String AGENT = "spiffe://remit.local/trial/trial-agent";
  private static final int LANES = 8;

  /// Credentials of one task; its token lives for less than a minute here, since the risk is high.
  private static final int EACH_TASK = 50;

  private final Effort effort;
  private final Report report = new Report("credentials");

  private CredentialBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new CredentialBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    }
    return bench.report;
  }

  private void measure() throws IOException {
    int pairs = effort == Effort.FULL ? 300 : 5;
    int beside = effort == Effort.FULL ? 10_000 : 20;
    try (var folder = BenchFolder.make();
        var remit = RemitProcess.start(folder.data(), "--config", config(folder).toString())) {
      var workload = Workload.fresh(AGENT);
      prepare(OwnedPostgres.of(remit), remit, workload);
      var asking = new Asking(remit.address(), workload);

      asking.pairs(effort == Effort.FULL ? 50 : 1);
      var alone = asking.pairs(pairs);
      rows("alone", alone, ProcessCpu.of(remit.process()));
      fill(asking, beside);
      var crowded = asking.pairs(pairs);
      rows("beside %,d live ones".formatted(beside), crowded, ProcessCpu.of(remit.process()));
    }
    report.note("issue: decision, intent, role and activation, each durable; one after the other");
    report.note("revoke: login off, sessions ended, role dropped and seen to be gone, recorded");
  }

  private static Path config(BenchFolder folder) throws IOException {
    return Files.writeString(
        folder.path().resolve("remit.yaml"), "credentials: {perTaskMax: 1000, lifetimeMax: 3h}\n");
  }

  /// Makes the database `orders` with a role for its administrator, whose password Remit is told.
  static void orders(OwnedPostgres postgres, RemitProcess remit) {
    postgres.run("postgres", "CREATE DATABASE orders");
    postgres.run(
        "orders",
        "CREATE ROLE remit_admin LOGIN CREATEROLE PASSWORD 'bench'",
        "CREATE ROLE orders_reader",
        "GRANT orders_reader TO remit_admin WITH ADMIN OPTION");
    remit.admin().secret("orders-admin", "bench");
  }

  private static void prepare(OwnedPostgres postgres, RemitProcess remit, Workload workload) {
    orders(postgres, remit);
    remit
        .admin()
        .apply(
            Declared.agent(workload) + Declared.allowAll() + database("orders", postgres.port()));
  }

  /// The database `name` as a resource with the profile `reader`, and the trial agent's grant.
  static String database(String name, int port) {
    return database(name, port, "trial-agent");
  }

  /// The same, granted to `identity`.
  static String database(String name, int port, String identity) {
    return """
    ---
    apiVersion: remit.dev/v1
    kind: Resource
    metadata: {name: %1$s}
    spec:
      type: postgresql
      environment: test
      upstream:
        database:
          host: 127.0.0.1
          port: %2$d
          database: %1$s
          administrator: {user: remit_admin, secret: %1$s-admin}
          tls: disable
          profiles: {reader: {roles: [%1$s_reader]}}
    ---
    apiVersion: remit.dev/v1
    kind: Grant
    metadata: {name: trial-%1$s}
    spec:
      identity: %4$s
      resource: %1$s
      profiles: [reader]
      dataClasses: [internal]
      approvedBy: admin
      expires: %3$s
    """
        .formatted(name, port, LocalDate.now(ZoneOffset.UTC).plusDays(60), identity);
  }

  private void rows(String name, Pairs pairs, ProcessCpu cpu) {
    report.row("issue, " + name, Measured.of(pairs.issued(), pairs.seconds(), 0));
    report.row("revoke, " + name, Measured.of(pairs.revoked(), pairs.seconds(), 0));
    report.note("CPU of the server so far, %s: %.1f s".formatted(name, cpu.micros() / 1e6));
  }

  private void fill(Asking asking, int beside) {
    long began = System.nanoTime();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var lanes = new ArrayList<Future<?>>();
      for (int lane = 0; lane < LANES; lane++) {
        int mine = beside / LANES + (lane < beside % LANES ? 1 : 0);
        lanes.add(executor.submit(() -> asking.fill(mine)));
      }
      for (var lane : lanes) {
        lane.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while credentials are issued", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("credentials could not be issued", e.getCause());
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    report.note(
        "%,d issued by %d at once in %.1f s: %.0f a second"
            .formatted(beside, LANES, seconds, beside / seconds));
  }

  /// Latencies of issues and of revocations.
  @SuppressWarnings("ArrayRecordComponent") // read once and compared never
  private record Pairs(long[] issued, long[] revoked, double seconds) {}

  /// An agent that asks.
  private record Asking(URI server, Workload workload) {

    Pairs pairs(int count) {
      var issued = new long[count];
      var revoked = new long[count];
      long began = System.nanoTime();
      String token = "";
      for (int i = 0; i < count; i++) {
        token = i % EACH_TASK == 0 ? token() : token;
        long start = System.nanoTime();
        var id = issue(token);
        issued[i] = System.nanoTime() - start;
        start = System.nanoTime();
        DatabaseCredential.revoke(server, token, id);
        revoked[i] = System.nanoTime() - start;
      }
      return new Pairs(issued, revoked, (System.nanoTime() - began) / 1e9);
    }

    int fill(int count) {
      String token = "";
      for (int i = 0; i < count; i++) {
        token = i % EACH_TASK == 0 ? token() : token;
        issue(token);
      }
      return count;
    }

    private String token() {
      return workload.start(server, "orders", "try", List.of()).value();
    }

    private String issue(String token) {
      return DatabaseCredential.issue(server, token).id();
    }
  }
}
