package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.PrivateDatabase;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Random;

/// What a long log costs those who read it: verifying all of it with the operator command, exported
/// and with no server, at three lengths; opening it at a start; and one receipt, which is an
/// inclusion proof to the newest checkpoint, for an entry anywhere in it.
final class ProofsBench {
  private static final int KILOBYTE = 1_024;

  private final Effort effort;
  private final Report report = new Report("proofs");

  private ProofsBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new ProofsBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    } catch (SQLException e) {
      throw new IllegalStateException("grow the log", e);
    }
    return bench.report;
  }

  private void measure() throws IOException, SQLException {
    long verified = effort == Effort.FULL ? 1_000_000 : 2_000;
    long longest = effort == Effort.FULL ? 10_000_000 : 5_000;
    try (var folder = BenchFolder.make();
        var remit = RemitProcess.start(folder.data())) {
      long has = 0;
      for (long size : new long[] {verified / 4, verified / 2, verified}) {
        grow(remit, has, size);
        has = size;
        verify(remit, folder.path(), size);
      }
      receipts(remit, has);
      grow(remit, has, longest);
      receipts(remit, longest);
      report.note(bytes(remit, longest));
    }
  }

  /// Grows the log and starts the server anew, which is the opening.
  private void grow(RemitProcess remit, long has, long wanted) throws SQLException, IOException {
    try (var connection = PrivateDatabase.of(remit.data()).connect()) {
      GrownLog.grow(connection, has, wanted);
    }
    remit.kill();
    var opened = new ArrayList<Measured>();
    for (int round = 0; round < effort.rounds; round++) {
      long start = System.nanoTime();
      remit.restart();
      opened.add(one(System.nanoTime() - start));
      if (round + 1 < effort.rounds) {
        remit.stop();
      }
    }
    report.row("start on %,d entries".formatted(wanted), Measured.median(opened));
  }

  private void verify(RemitProcess remit, Path folder, long size) {
    var export = folder.resolve("log-" + size);
    var cli = Cli.of(folder, remit.address(), remit.admin().token());
    said(cli.run("ledger", "export", export.toString()), "Exported");
    var rounds = new ArrayList<Measured>();
    for (int round = 0; round < effort.rounds; round++) {
      long start = System.nanoTime();
      said(cli.run("verify", export.toString()), "entries");
      double seconds = (System.nanoTime() - start) / 1e9;
      rounds.add(new Measured(size, seconds * 1e6, seconds * 1e6, size / seconds, 0));
    }
    var median = Measured.median(rounds);
    report.row("verify %,d entries".formatted(size), median);
    report.note("%,d entries verified in %.2f s".formatted(size, median.p50Us() / 1e6));
  }

  private static void said(Cli.Said said, String word) {
    if (said.status() != 0) {
      throw new IllegalStateException(
          "the operator command failed (" + word + "): " + said.output());
    }
  }

  /// Asks for receipts of entries anywhere in the log, over HTTP and one after the other.
  private void receipts(RemitProcess remit, long grown) {
    var random = new Random(7);
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), remit.address().getPort());
    int calls = Math.max(100, effort.calls / 2);
    var headers = "Authorization: Bearer " + remit.admin().token() + "\r\n";
    var load =
        new Load(
            target,
            1,
            calls,
            _ ->
                get(
                    "/v1/receipts/" + GrownLog.id(2 * (1 + random.nextLong(grown / 2 - 1))),
                    target,
                    headers));
    load.run(ProcessCpu.none());
    var rounds = new ArrayList<Measured>();
    for (int round = 0; round < effort.rounds; round++) {
      rounds.add(load.run(ProcessCpu.of(remit.process())));
    }
    report.row("receipt out of %,d entries".formatted(grown), Measured.median(rounds));
  }

  private static byte[] get(String path, InetSocketAddress target, String headers) {
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + target.getPort()
            + "\r\n"
            + headers
            + "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String bytes(RemitProcess remit, long size) throws SQLException, IOException {
    try (var connection = PrivateDatabase.of(remit.data()).connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                    + " WHERE relname IN ('ledger_entry', 'ledger_node')")) {
      rows.next();
      return "%,d MiB for %,d entries with their indexes and hashes"
          .formatted(rows.getLong(1) / KILOBYTE / KILOBYTE, size);
    }
  }

  private static Measured one(long nanos) {
    return Measured.of(new long[] {nanos}, nanos / 1e9, 0);
  }
}
