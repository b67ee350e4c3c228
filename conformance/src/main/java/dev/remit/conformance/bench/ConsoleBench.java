package dev.remit.conformance.bench;

import dev.remit.conformance.harness.PrivateDatabase;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.SignedIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Every page of the console on a large deployment: how long the server takes for it, for one
/// person who loads one page after the other.
///
/// Identities, grants and records are written into the server's tables while it is stopped, as in
/// the benchmarks of the registry and of proofs. The first load of a page counts the newest
/// records; it is a row of its own.
final class ConsoleBench {
  private static final String FIRST = "the first page after a start";

  private final Effort effort;
  private final Report report = new Report("console");
  private final int identities;
  private final long records;

  private ConsoleBench(Effort effort) {
    this.effort = effort;
    this.identities = effort == Effort.FULL ? 10_000 : 10;
    this.records = effort == Effort.FULL ? 2_000_000 : 2_000;
  }

  static Report run(Effort effort) {
    var bench = new ConsoleBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    } catch (SQLException e) {
      throw new IllegalStateException("write identities, grants and records", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while signing in", e);
    }
    return bench.report;
  }

  private void measure() throws IOException, SQLException, InterruptedException {
    try (var folder = BenchFolder.make();
        var upstream = ChildProcess.start(FastUpstream.class, List.of("-XX:+UseSerialGC"));
        var remit = RemitProcess.start(folder.data(), "--config", config(folder).toString())) {
      var governed = Governed.echo(remit, upstream.port());
      RegistryBench.beside(PrivateDatabase.of(remit.data()), 0, identities);
      try (var connection = PrivateDatabase.of(remit.data()).connect()) {
        GrownLog.grow(connection, 0, records);
      }
      remit.kill();
      remit.restart();
      governed.through(remit).load(1, effort.calls);
      report.note(
          "%,d identities with %,d grants, %,d records"
              .formatted(identities, identities * RegistryBench.GRANTS_EACH, records));
      var cookie = SignedIn.cookie(remit, "admin");
      first(remit, cookie);
      pages().forEach((name, path) -> page(remit, cookie, name, path));
    }
  }

  /// A registry of this size is read for longer than a suspension may be unheard of.
  private static Path config(BenchFolder folder) throws IOException {
    return Files.writeString(
        folder.path().resolve("remit.yaml"), "tokens: {feedStaleAfter: 60s}\n");
  }

  private Map<String, String> pages() {
    var pages = new TreeMap<String, String>();
    pages.put("overview", "/console");
    pages.put("what the figures count", "/console/figures");
    pages.put("approvals", "/console/approvals");
    pages.put("activity", "/console/activity");
    pages.put("one decision", "/console/decisions/" + GrownLog.id(records / 2 / 2 * 2));
    pages.put("workflows", "/console/workflows");
    pages.put("one workflow", "/console/workflows/bench");
    pages.put("identities", "/console/identities");
    pages.put("identities by name", "/console/identities?name=side-" + identities / 2);
    pages.put("one identity", "/console/identities/bench-agent");
    pages.put("policies", "/console/policies");
    pages.put("findings", "/console/findings");
    pages.put("ledger, newest", "/console/ledger");
    pages.put("ledger, in the middle", "/console/ledger?from=" + records / 2);
    pages.put("one record", "/console/ledger/node-1/" + records / 3);
    return pages;
  }

  private void first(RemitProcess remit, String cookie) {
    report.row(FIRST, load(remit, cookie, "/console", 1).run(ProcessCpu.of(remit.process())));
  }

  private void page(RemitProcess remit, String cookie, String name, String path) {
    var load = load(remit, cookie, path, Math.max(8, effort.calls / 20));
    load.run(ProcessCpu.none());
    var rounds = new ArrayList<Measured>();
    for (int round = 0; round < effort.rounds; round++) {
      rounds.add(load.run(ProcessCpu.of(remit.process())));
    }
    report.row(name, Measured.median(rounds));
  }

  private static Load load(RemitProcess remit, String cookie, String path, int calls) {
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), remit.address().getPort());
    var request =
        ("GET "
                + path
                + " HTTP/1.1\r\nHost: 127.0.0.1:"
                + target.getPort()
                + "\r\nCookie: "
                + cookie
                + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    return new Load(target, 1, calls, _ -> request);
  }
}
