package dev.remit.conformance.bench;

import dev.remit.conformance.harness.PrivateDatabase;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// One governed call while the registry grows: beside the one identity that calls and its one grant
/// there are none, then ten identities with ten grants each, then a thousand, then a hundred
/// thousand with a million grants.
///
/// Identities and grants are copies of the first, written into the server's tables while it is
/// stopped; it reads them at its next start, which is measured too. Every start has the same heap.
final class RegistryBench {
  static final int GRANTS_EACH = 10;
  private static final int CONNECTIONS = 16;

  /// What a registry of this size needs; `remit serve` comes with less.
  private static final List<String> HEAP = List.of("-Xmx6g", "-Xmn1g");

  private final Effort effort;
  private final Report report = new Report("registry");

  private RegistryBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new RegistryBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    } catch (SQLException e) {
      throw new IllegalStateException("write identities and grants", e);
    }
    return bench.report;
  }

  private void measure() throws IOException, SQLException {
    var sizes = effort == Effort.FULL ? List.of(10, 1_000, 100_000) : List.of(10);
    try (var folder = BenchFolder.make();
        var upstream = ChildProcess.start(FastUpstream.class, List.of("-XX:+UseSerialGC"));
        var remit =
            RemitProcess.startWith(HEAP, folder.data(), "--config", config(folder).toString())) {
      var governed = Governed.echo(remit, upstream.port());
      double alone = call(governed, 0, 1);
      int there = 0;
      for (int identities : sizes) {
        beside(PrivateDatabase.of(remit.data()), there, identities);
        there = identities;
        remit.stop();
        long start = System.nanoTime();
        remit.restart();
        report.note(
            "started with %,d grants in %.1f s"
                .formatted(identities * GRANTS_EACH, (System.nanoTime() - start) / 1e9));
        double cpu = call(governed.through(remit), identities, identities * GRANTS_EACH + 1);
        report.ratio(
            name(identities, identities * GRANTS_EACH + 1),
            name(0, 1),
            "cpu_us_per_op",
            cpu / alone);
      }
    }
  }

  /// To collect garbage in a heap of this size stops the server for seconds, after which it would
  /// refuse everything until it has heard of suspensions again.
  private static Path config(BenchFolder folder) throws IOException {
    return Files.writeString(
        folder.path().resolve("remit.yaml"), "tokens: {feedStaleAfter: 60s}\n");
  }

  /// Measures calls and returns their CPU.
  private double call(Contender governed, int identities, int grants) {
    int calls = effort.calls;
    var rounds = new ArrayList<Measured>();
    long warmUntil = System.nanoTime() + effort.warmUpSeconds * 1_000_000_000L;
    do {
      governed.load(CONNECTIONS, calls);
    } while (System.nanoTime() < warmUntil);
    for (int round = 0; round < effort.rounds; round++) {
      rounds.add(governed.load(CONNECTIONS, calls));
    }
    var median = Measured.median(rounds);
    report.row(name(identities, grants), median);
    return median.cpuUsPerCall();
  }

  private static String name(int identities, int grants) {
    return "%,d identities beside, %,d grants".formatted(identities, grants);
  }

  /// Adds the identities from number `from` up to `to`, and their grants.
  static void beside(PrivateDatabase database, int from, int to) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO declared
          SELECT kind, 'beside-' || n, 1, false, spec, digest, file_set, changed_by, changed_at
            FROM declared, generate_series(%d, %d) n
           WHERE kind = 'identity' AND name = 'bench-agent'
          """
              .formatted(from, to - 1));
      statement.execute(
          """
          INSERT INTO declared
          SELECT kind, 'grant-' || n || '-' || g, 1, false,
                 jsonb_set(spec, '{identity}', to_jsonb('beside-' || n)), digest, file_set,
                 changed_by, changed_at
            FROM declared, generate_series(%d, %d) n, generate_series(1, %d) g
           WHERE kind = 'grant' AND name = 'bench-grant'
          """
              .formatted(from, to - 1, GRANTS_EACH));
    }
  }
}
