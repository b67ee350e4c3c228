package dev.remit.conformance.bench;

import dev.remit.conformance.harness.PrivateDatabase;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.SignedIn;
import dev.remit.conformance.harness.Workload;
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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Every page of the console on a large deployment: how long the server takes for it, for one
/// person who loads one page after the other. Then what watching costs the calls that are watched,
/// how long an agent waits once somebody has agreed, and what ten thousand held calls cost.
///
/// Identities, grants and records are written into the server's tables while it is stopped, as in
/// the benchmarks of the registry and of proofs. The first load of a page counts the newest
/// records; it is a row of its own.
final class ConsoleBench {
  private static final String FIRST = "the first page after a start";
  private static final int CONNECTIONS = 64;

  private final Effort effort;
  private final Report report = new Report("console");
  private final int identities;
  private final long records;
  private final int held;

  private ConsoleBench(Effort effort) {
    this.effort = effort;
    this.identities = effort == Effort.FULL ? 10_000 : 10;
    this.records = effort == Effort.FULL ? 10_000_000 : 2_000;
    this.held = effort == Effort.FULL ? 10_000 : 40;
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
        var upstream = ChildProcess.start(FastUpstream.class, List.of("-XX:+UseSerialGC"), "2");
        var remit = RemitProcess.start(folder.data(), "--config", config(folder).toString())) {
      var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
      var url = "http://127.0.0.1:" + upstream.port() + "/mcp";
      remit
          .admin()
          .apply(BenchManifests.text(workload, url, ListedTools.of(2)) + HeldCalls.MANIFESTS);
      Supplier<String> token =
          () -> workload.start(remit.address(), "fast", "measure", List.of()).value();
      grow(remit);
      var governed =
          Contender.modern(
              Governed.NAME,
              remit.address().getPort(),
              ProcessCpu.of(remit.process()),
              "/mcp/fast",
              () -> "Authorization: Bearer " + token.get() + "\r\n");
      governed.load(1, effort.calls);
      var cookie = SignedIn.cookie(remit, "admin");
      first(remit, cookie);
      pages().forEach((name, path) -> page(remit, cookie, name, path));
      live(remit, governed, cookie);
      held(remit, token, cookie);
    }
  }

  private void grow(RemitProcess remit) throws IOException, SQLException {
    RegistryBench.beside(PrivateDatabase.of(remit.data()), 0, identities);
    long start = System.nanoTime();
    try (var connection = PrivateDatabase.of(remit.data()).connect()) {
      GrownLog.grow(connection, 0, records);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    remit.kill();
    remit.restart();
    note(
        "%,d identities with %,d grants, %,d records, which were written in %.0f s"
            .formatted(identities, identities * RegistryBench.GRANTS_EACH, records, seconds));
  }

  /// A registry of this size is read for longer than a suspension may be unheard of.
  private static Path config(BenchFolder folder) throws IOException {
    return Files.writeString(
        folder.path().resolve("remit.yaml"),
        "tokens: {feedStaleAfter: 60s}\n" + HeldCalls.SETTINGS);
  }

  private Map<String, String> pages() {
    var pages = new TreeMap<String, String>();
    pages.put("overview", "/console");
    pages.put("what the figures count", "/console/figures");
    pages.put("approvals", "/console/approvals");
    pages.put("apply requests", "/console/apply-requests");
    pages.put("exceptions", "/console/exceptions");
    pages.put("enforcement", "/console/enforcement");
    pages.put("suspensions", "/console/suspensions");
    pages.put("account", "/console/account");
    pages.put("activity", "/console/activity");
    pages.put("one decision", "/console/decisions/" + GrownLog.id(records / 2 / 2 * 2));
    pages.put("workflows", "/console/workflows");
    pages.put("one workflow", "/console/workflows/bench");
    pages.put("one workflow's gate", "/console/workflows/bench/gate");
    pages.put("changes", "/console/changes");
    pages.put("evaluations", "/console/evaluations");
    pages.put("emergencies", "/console/emergencies");
    pages.put("identities", "/console/identities");
    pages.put("identities by name", "/console/identities?name=beside-" + identities / 2);
    pages.put("one identity", "/console/identities/bench-agent");
    pages.put("policies", "/console/policies");
    pages.put("findings", "/console/findings");
    pages.put("ledger, newest", "/console/ledger");
    pages.put("ledger, in the middle", "/console/ledger?from=" + records / 2);
    pages.put("one record", "/console/ledger/node-1/" + records / 3);
    return pages;
  }

  private void first(RemitProcess remit, String cookie) {
    row(FIRST, load(remit, cookie, "/console", 1).run(ProcessCpu.of(remit.process())));
  }

  private void page(RemitProcess remit, String cookie, String name, String path) {
    var load = load(remit, cookie, path, Math.max(8, effort.calls / 80));
    load.run(ProcessCpu.none());
    var rounds = new ArrayList<Measured>();
    for (int round = 0; round < effort.rounds; round++) {
      rounds.add(load.run(ProcessCpu.of(remit.process())));
    }
    row(name, Measured.median(rounds));
  }

  /// The same calls with nobody at the live view and with somebody there, in turns.
  private void live(RemitProcess remit, Contender governed, String cookie)
      throws InterruptedException {
    governed.load(CONNECTIONS, effort.calls);
    var unwatched = new ArrayList<Measured>();
    var watched = new ArrayList<Measured>();
    long events = 0;
    for (int round = 0; round < effort.rounds; round++) {
      unwatched.add(governed.load(CONNECTIONS, effort.calls));
      try (var viewer = new Viewer(target(remit), cookie)) {
        watched.add(governed.load(CONNECTIONS, effort.calls));
        events += viewer.events();
      }
    }
    var without = Measured.median(unwatched);
    var with = Measured.median(watched);
    row("calls, nobody watches", without);
    row("calls, somebody watches", with);
    report.ratio(
        "calls, somebody watches",
        "calls, nobody watches",
        "per_s",
        with.perSecond() / without.perSecond());
    note(
        "%,d messages came to the live view while %,d calls were made"
            .formatted(events, watched.stream().mapToLong(Measured::calls).sum()));
  }

  private void held(RemitProcess remit, Supplier<String> token, String cookie)
      throws IOException, InterruptedException {
    int answers = Math.max(8, effort.calls / 20);
    try (var calls = new HeldCalls(remit, token)) {
      calls.answered(answers / 4 + 1);
      row("agreed to until forwarded", calls.answered(answers));
      var before = Footprint.of(remit.process());
      calls.hold(held);
      var after = Footprint.of(remit.process());
      note(
          ("%,d held calls wait on connections of their own: %d threads of the operating system"
                  + " before and %d then, %,d MiB of memory before and %,d then")
              .formatted(
                  held,
                  before.threads(),
                  after.threads(),
                  before.residentMiB(),
                  after.residentMiB()));
      row("agreed to until forwarded, beside %,d held".formatted(held), calls.answered(answers));
      page(remit, cookie, "overview, beside %,d held".formatted(held), "/console");
      page(remit, cookie, "approvals, beside %,d held".formatted(held), "/console/approvals");
      remit.kill();
    }
  }

  /// A run takes minutes, so whoever waits sees how far it is.
  private void row(String name, Measured measured) {
    report.row(name, measured);
    System.err.printf(
        Locale.ROOT,
        "%s: p50 %.1f ms, p99 %.1f ms, %.0f a second%n",
        name,
        measured.p50Us() / 1e3,
        measured.p99Us() / 1e3,
        measured.perSecond());
  }

  private void note(String says) {
    report.note(says);
    System.err.println(says);
  }

  private static InetSocketAddress target(RemitProcess remit) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), remit.address().getPort());
  }

  private static Load load(RemitProcess remit, String cookie, String path, int calls) {
    var target = target(remit);
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
