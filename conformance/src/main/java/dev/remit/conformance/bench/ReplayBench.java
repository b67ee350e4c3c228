package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.PrivateDatabase;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a plan takes that makes recorded decisions again by a hundred proposed policies: a thousand
/// of them, a hundred thousand, a million.
///
/// A thousand calls are really made through the gateway. The server's tables are then filled up
/// with copies of what was recorded, which are read, parsed, decrypted and judged like any other.
final class ReplayBench {
  private static final int POLICIES = 100;
  private static final int COPIES_AT_ONCE = 25_000;
  private static final int CONNECTIONS = 8;

  private final Effort effort;
  private final Report report = new Report("replay");
  private double emptyPlanSeconds;

  private ReplayBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new ReplayBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    } catch (SQLException e) {
      throw new IllegalStateException("copy what was recorded", e);
    }
    return bench.report;
  }

  private void measure() throws IOException, SQLException {
    int real = Math.min(effort.calls, 1_000);
    int wanted = effort == Effort.FULL ? 1_000_000 : 20 * real;
    try (var folder = BenchFolder.make();
        var upstream = ChildProcess.start(FastUpstream.class, List.of("-XX:+UseSerialGC"));
        var remit = RemitProcess.start(folder.data())) {
      Governed.echo(remit, upstream.port()).load(CONNECTIONS, real);
      multiply(PrivateDatabase.of(remit.data()), wanted);
      emptyPlanSeconds = plan(remit, 0).seconds;
      for (int newest : new int[] {real, wanted / 10, wanted}) {
        replayed(plan(remit, newest), newest);
      }
    }
  }

  /// Adds copies of every recorded call until there are `wanted`, far above the indexes in use.
  private void multiply(PrivateDatabase database, int wanted) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TEMPORARY TABLE real AS
          SELECT row_number() OVER (ORDER BY index) AS place, log, index
            FROM ledger_entry
           WHERE type = 'call.decided'
          """);
      int real = count(statement.executeQuery("SELECT count(*) FROM real"));
      long start = System.nanoTime();
      try (var entries =
              connection.prepareStatement(
                  """
                  INSERT INTO ledger_entry (log, index, id, of, type, leaf, bytes)
                  SELECT log, 1000000000 + n, id, of, type, leaf, bytes
                    FROM generate_series(?::bigint, ?::bigint) n
                    JOIN real ON place = 1 + n %% %d
                    JOIN ledger_entry USING (log, index)
                  """
                      .formatted(real));
          var bodies =
              connection.prepareStatement(
                  """
                  INSERT INTO ledger_body (log, index, name, ciphertext, kek, wrapped)
                  SELECT log, 1000000000 + n, name, ciphertext, kek, wrapped
                    FROM generate_series(?::bigint, ?::bigint) n
                    JOIN real ON place = 1 + n %% %d
                    JOIN ledger_body USING (log, index)
                  """
                      .formatted(real))) {
        for (int from = real; from < wanted; from += COPIES_AT_ONCE) {
          for (var insert : List.of(entries, bodies)) {
            insert.setLong(1, from);
            insert.setLong(2, Math.min(from + COPIES_AT_ONCE, wanted) - 1L);
            insert.executeUpdate();
          }
        }
      }
      // What autovacuum does to tables that grow at the pace of calls.
      statement.execute("VACUUM (ANALYZE) ledger_entry, ledger_body");
      report.note(
          "%,d calls really made; the other rows are copies of theirs, written in %.0f s"
              .formatted(real, (System.nanoTime() - start) / 1e9));
    }
  }

  private static int count(ResultSet rows) throws SQLException {
    rows.next();
    return rows.getInt(1);
  }

  private record Planned(JsonNode replay, double seconds, double cpuMicros) {}

  private static Planned plan(RemitProcess remit, int newest) {
    var body = JsonMapper.shared().createObjectNode().put("replay", newest);
    body.putArray("files").addObject().put("name", "proposed.yaml").put("text", proposed());
    Operator admin = remit.admin();
    var cpu = ProcessCpu.of(remit.process());
    double before = cpu.micros();
    long start = System.nanoTime();
    var planned = admin.post("/v1/registry/plan", body);
    return new Planned(
        planned.path("replay"), (System.nanoTime() - start) / 1e9, cpu.micros() - before);
  }

  private void replayed(Planned planned, int newest) {
    long recorded = planned.replay.path("recorded").asLong();
    if (recorded != newest || !planned.replay.path("unplayable").isEmpty()) {
      throw new IllegalStateException(
          newest + " decisions were to be made again, and the server says " + planned.replay);
    }
    report.row(
        "%,d decisions, %d policies".formatted(newest, POLICIES),
        new Measured(newest, 0, 0, newest / planned.seconds, planned.cpuMicros / newest));
    report.note(
        "%,d decisions made again in %.1f s (the plan alone: %.1f s); %,d differ"
            .formatted(
                newest, planned.seconds, emptyPlanSeconds, planned.replay.path("differ").asLong()));
  }

  /// A tenth guard every call; the rest are permits for numbers of their own.
  private static String proposed() {
    var text = new StringBuilder();
    for (int i = 0; i < POLICIES; i++) {
      text.append(
          """
          ---
          apiVersion: remit.dev/v1
          kind: Policy
          metadata: {name: proposed-%d}
          spec:
            description: One of many.
            cedar: |
              %s
          """
              .formatted(i, i % 10 == 0 ? guard(900 + i) : permit(i)));
    }
    return text.toString();
  }

  private static String guard(int above) {
    return "forbid (principal, action == Action::\"fast/echo\", resource) when"
        + " { context.arguments has n && context.arguments.n > "
        + above
        + " };";
  }

  private static String permit(int number) {
    return "permit (principal in Workflow::\"bench\", action == Action::\"fast/echo\", resource)"
        + " when { context.risk < 50 && context.task.intent == \"measure\" && context.arguments"
        + " has n && context.arguments.n <= "
        + number
        + " };";
  }
}
