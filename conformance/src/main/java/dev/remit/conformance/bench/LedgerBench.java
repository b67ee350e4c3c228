package dev.remit.conformance.bench;

import dev.remit.conformance.harness.PrivateDatabase;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Recording, by how many callers wait at the same time: the ledger, with and without a body kept
/// encrypted beside each entry; the same bytes by COPY in transactions of as many rows, which
/// neither hashes nor signs nor answers anybody; the same bytes by one INSERT and commit for each
/// caller; and a loop that writes the bytes to a file and waits for the disk, which nothing durable
/// can outrun.
///
/// All against the private database of a server of its own, one after the other in each round.
final class LedgerBench {
  static final int ENTRY_BYTES = 1_024;
  private static final int BODY_BYTES = 500;
  private static final List<Integer> CALLERS = List.of(1, 16, 64, 256, 1_024);

  private final Effort effort;
  private final Report report = new Report("ledger");

  private LedgerBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new LedgerBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    } catch (SQLException e) {
      throw new IllegalStateException("write rows beside the ledger", e);
    }
    return bench.report;
  }

  private void measure() throws IOException, SQLException {
    try (var folder = BenchFolder.make();
        var remit = RemitProcess.start(folder.data())) {
      var database = PrivateDatabase.of(remit.data());
      try (var ledger = TrialProcess.start(database, folder.path());
          var rows = RawRows.in(database);
          var file = new FsyncLoop(folder.path().resolve("fsync"))) {
        var contenders = new LinkedHashMap<String, Recorder>();
        contenders.put("ledger", (callers, millis) -> ledger.run(callers, millis, 0));
        contenders.put(
            "ledger with bodies", (callers, millis) -> ledger.run(callers, millis, BODY_BYTES));
        contenders.put("COPY", rows::copy);
        contenders.put("single rows", rows::single);
        contenders.put("fsync alone", file::run);
        for (var contender : contenders.values()) {
          contender.record(64, effort.warmUpSeconds * 1_000 + 100);
        }
        for (int callers : CALLERS) {
          compare(contenders, callers);
        }
      }
      report.note(stored(database));
      report.note("CPU is that of the recording process; the database's own is not in it");
      report.note("single rows: at most " + RawRows.CONNECTIONS_MAX + " callers at a time");
    }
  }

  /// One way to make the bytes of an entry durable for `callers` that wait, over and over.
  private interface Recorder {
    Measured record(int callers, int millis);
  }

  private void compare(Map<String, Recorder> contenders, int callers) {
    int millis = effort == Effort.FULL ? 2_000 : 50;
    var rounds = new LinkedHashMap<String, List<Measured>>();
    for (int round = 0; round < effort.rounds; round++) {
      contenders.forEach((name, contender) ->
          rounds
              .computeIfAbsent(name, _ -> new ArrayList<>())
              .add(contender.record(callers, millis)));
    }
    var medians = new LinkedHashMap<String, Measured>();
    rounds.forEach((name, all) -> medians.put(name, Measured.median(all)));
    medians.forEach((name, median) -> report.row(row(name, callers), median));
    medians.forEach((name, median) -> {
      if (!name.startsWith("ledger")) {
        ratio("ledger", name, callers, medians);
      }
    });
    ratio("ledger with bodies", "COPY", callers, medians);
  }

  private void ratio(String of, String to, int callers, Map<String, Measured> medians) {
    report.ratio(
        row(of, callers),
        row(to, callers),
        "per_s",
        perSecond(of, medians) / perSecond(to, medians));
  }

  private static double perSecond(String name, Map<String, Measured> medians) {
    return Objects.requireNonNull(medians.get(name)).perSecond();
  }

  private static String row(String name, int callers) {
    return name + ", " + callers;
  }

  private static String stored(PrivateDatabase database) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT count(*),
                       (SELECT sum(pg_total_relation_size(oid)) FROM pg_class
                         WHERE relname LIKE 'ledger%' AND relname NOT LIKE 'ledger_body%'
                           AND relkind = 'r')
                  FROM ledger_entry
                """)) {
      rows.next();
      return "%,d entries; tables and indexes without bodies take %,d bytes for each"
          .formatted(rows.getLong(1), rows.getLong(2) / rows.getLong(1));
    }
  }
}
