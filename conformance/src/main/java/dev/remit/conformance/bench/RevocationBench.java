package dev.remit.conformance.bench;

import dev.remit.conformance.harness.OwnedPostgres;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The kill switch: a thousand callers on three nodes over one database, all of one identity, which
/// is suspended at the first node, again and again.
///
/// What counts at each node is how long after the command was given a call was still begun that was
/// let through; from then on every call is refused. The command itself is measured as well, from
/// its first byte to its answer; and when the streams of answers that were open through each node
/// were cut, and the identity's session in a database was ended, as the agent sees it.
final class RevocationBench {
  private static final String IDENTITY = "bench-agent";
  private static final List<String> NODES = List.of("node-a", "node-b", "node-c");
  private static final String MAY_READ_ORDERS =
      """
      ---
      apiVersion: remit.dev/v1
      kind: Policy
      metadata: {name: bench-may-read-orders}
      spec:
        description: The benchmark's agent may have a credential for the database.
        cedar: |
          permit (principal == Identity::"bench-agent", action, resource in Resource::"orders");
      """;

  private final int callers;
  private final int kills;

  /// Kills before those that count: until then Java compiles what each of three nodes does.
  private final int warmUps;

  private final long pauseMillis;
  private final Report report = new Report("revocation");
  private final List<RemitProcess> nodes = new ArrayList<>();
  private final Figures figures = new Figures();
  private @Nullable OwnedPostgres postgres;

  /// In nanoseconds after the command was given.
  private static final class Figures {
    private final List<Long> refused = new ArrayList<>();
    private final List<Long> answered = new ArrayList<>();
    private final List<Long> cut = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();
  }

  private RevocationBench(Effort effort) {
    boolean full = effort == Effort.FULL;
    this.callers = full ? 1_000 : 9;
    this.kills = full ? 100 : 2;
    this.warmUps = full ? 20 : 1;
    this.pauseMillis = full ? 1_000 : 20;
  }

  static Report run(Effort effort) {
    var bench = new RevocationBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    } finally {
      bench.nodes.reversed().forEach(RemitProcess::close);
    }
    return bench.report;
  }

  private void measure() throws IOException, InterruptedException {
    try (var folder = BenchFolder.make();
        var upstream = ChildProcess.start(FastUpstream.class, List.of("-XX:+UseSerialGC"))) {
      start(folder);
      CredentialBench.orders(postgres(), nodes.getFirst());
      var workload = Workload.fresh("spiffe://remit.local/bench/" + IDENTITY);
      var url = "http://127.0.0.1:" + upstream.port() + "/mcp";
      nodes.getFirst().admin().apply(manifests(workload, url));
      var crowds = nodes.stream().map(this::crowd).toList();
      try {
        measure(workload, crowds);
      } finally {
        crowds.forEach(Crowd::close);
        nodes.reversed().forEach(RemitProcess::close);
      }
    }
  }

  private String manifests(Workload workload, String url) {
    return BenchManifests.text(workload, url)
        + CredentialBench.database("orders", postgres().port(), IDENTITY)
        + MAY_READ_ORDERS;
  }

  private OwnedPostgres postgres() {
    return Objects.requireNonNull(postgres, "it is there once the first node is");
  }

  private void start(BenchFolder folder) throws IOException {
    for (var name : NODES) {
      var config = Files.writeString(folder.path().resolve(name + ".yaml"), "node: " + name + "\n");
      nodes.add(
          nodes.isEmpty()
              ? RemitProcess.start(folder.data(), "--config", config.toString())
              : beside(folder.path().resolve(name), config));
      if (postgres == null) {
        postgres = OwnedPostgres.of(nodes.getFirst());
      }
    }
  }

  /// Under the address of the first, so that its tokens are good at all.
  private RemitProcess beside(Path data, Path config) throws IOException {
    var first = nodes.getFirst();
    return RemitProcess.startBeside(
        first, data, "--config", config.toString(), "--public-url", first.address().toString());
  }

  private Crowd crowd(RemitProcess node) {
    return Crowd.of(target(node), callers / NODES.size(), pauseMillis);
  }

  private void measure(Workload workload, List<Crowd> crowds)
      throws IOException, InterruptedException {
    for (int kill = 0; kill < warmUps; kill++) {
      kill(workload, crowds, new Figures());
    }
    long began = System.nanoTime();
    for (int kill = 0; kill < kills; kill++) {
      kill(workload, crowds, figures);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    report.row("every call refused, at each node", measured(figures.refused, seconds));
    report.row("each stream cut", measured(figures.cut, seconds));
    report.row("the database session ended", measured(figures.ended, seconds));
    report.row("the command answered", measured(figures.answered, seconds));
    report.note(
        "%d callers on %d nodes, each calling every %d ms, a stream through each node and one"
                .formatted(callers, NODES.size(), pauseMillis)
            + " database session; %d kills".formatted(kills));
    report.note("a call is counted from when it was sent; the slowest node of each kill is in it");
  }

  private void kill(Workload workload, List<Crowd> crowds, Figures noted)
      throws IOException, InterruptedException {
    var first = nodes.getFirst().address();
    var token = workload.start(first, "fast", "measure", List.of()).value();
    crowds.forEach(crowd -> crowd.use(token));
    for (var crowd : crowds) {
      crowd.awaitAll();
    }
    var reader = workload.start(first, "orders", "measure", List.of()).value();
    var session = DatabaseCredential.issue(first, reader).connect();
    try (var underWay = new UnderWay(targets(), token, session)) {
      long command = System.nanoTime();
      suspend();
      noted.answered.add(System.nanoTime() - command);
      for (var crowd : crowds) {
        noted.refused.add(Math.max(0, crowd.awaitAllRefused() - command));
      }
      underWay.streamsCut().forEach(at -> noted.cut.add(Math.max(0, at - command)));
      noted.ended.add(Math.max(0, underWay.sessionEnded() - command));
    }
    nodes.getFirst().admin().resume("identities/" + IDENTITY);
  }

  private List<InetSocketAddress> targets() {
    return nodes.stream().map(RevocationBench::target).toList();
  }

  private static InetSocketAddress target(RemitProcess node) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), node.address().getPort());
  }

  private static Measured measured(List<Long> nanos, double seconds) {
    return Measured.of(nanos.stream().mapToLong(Long::longValue).toArray(), seconds, 0);
  }

  private void suspend() {
    var reason = JsonMapper.shared().createObjectNode().put("reason", "a benchmark");
    nodes.getFirst().admin().post("/v1/identities/" + IDENTITY + "/suspend", reason);
  }
}
