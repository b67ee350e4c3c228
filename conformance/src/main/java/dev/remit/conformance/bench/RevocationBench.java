package dev.remit.conformance.bench;

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
import tools.jackson.databind.json.JsonMapper;

/// The kill switch: a thousand callers on three nodes over one database, all of one identity, which
/// is suspended at the first node, again and again.
///
/// What counts at each node is how long after the command was given a call was still begun that was
/// let through; from then on every call is refused. The command itself is measured as well, from
/// its first byte to its answer.
final class RevocationBench {
  private static final String IDENTITY = "bench-agent";
  private static final List<String> NODES = List.of("node-a", "node-b", "node-c");

  private final int callers;
  private final int kills;
  private final long pauseMillis;
  private final Report report = new Report("revocation");
  private final List<RemitProcess> nodes = new ArrayList<>();

  private RevocationBench(Effort effort) {
    boolean full = effort == Effort.FULL;
    this.callers = full ? 1_000 : 9;
    this.kills = full ? 100 : 2;
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
      var workload = Workload.fresh("spiffe://remit.local/bench/" + IDENTITY);
      var url = "http://127.0.0.1:" + upstream.port() + "/mcp";
      nodes.getFirst().admin().apply(BenchManifests.text(workload, url));
      var crowds = nodes.stream().map(this::crowd).toList();
      try {
        measure(workload, crowds);
      } finally {
        crowds.forEach(Crowd::close);
        nodes.reversed().forEach(RemitProcess::close);
      }
    }
  }

  private void start(BenchFolder folder) throws IOException {
    for (var name : NODES) {
      var config = Files.writeString(folder.path().resolve(name + ".yaml"), "node: " + name + "\n");
      nodes.add(
          nodes.isEmpty()
              ? RemitProcess.start(folder.data(), "--config", config.toString())
              : beside(folder.path().resolve(name), config));
    }
  }

  /// Under the address of the first, so that its tokens are good at all.
  private RemitProcess beside(Path data, Path config) throws IOException {
    var first = nodes.getFirst();
    return RemitProcess.startBeside(
        first, data, "--config", config.toString(), "--public-url", first.address().toString());
  }

  private Crowd crowd(RemitProcess node) {
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), node.address().getPort());
    return Crowd.of(target, callers / NODES.size(), pauseMillis);
  }

  private void measure(Workload workload, List<Crowd> crowds) throws InterruptedException {
    var refusedAfter = new ArrayList<Long>();
    var answeredAfter = new ArrayList<Long>();
    long began = System.nanoTime();
    for (int kill = -1; kill < kills; kill++) { // the first warms up
      var token = workload.start(nodes.getFirst().address(), "fast", "measure", List.of());
      crowds.forEach(crowd -> crowd.use(token.value()));
      for (var crowd : crowds) {
        crowd.awaitAll();
      }
      long command = System.nanoTime();
      suspend();
      long answered = System.nanoTime() - command;
      for (var crowd : crowds) {
        long last = crowd.awaitAllRefused();
        if (kill >= 0) {
          refusedAfter.add(Math.max(0, last - command));
        }
      }
      if (kill >= 0) {
        answeredAfter.add(answered);
      }
      nodes.getFirst().admin().resume("identities/" + IDENTITY);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    report.row("every call refused, at each node", measured(refusedAfter, seconds));
    report.row("the command answered", measured(answeredAfter, seconds));
    report.note(
        "%d callers on %d nodes, each calling every %d ms; %d kills"
            .formatted(callers, NODES.size(), pauseMillis, kills));
    report.note("a call is counted from when it was sent; the slowest node of each kill is in it");
  }

  private static Measured measured(List<Long> nanos, double seconds) {
    return Measured.of(nanos.stream().mapToLong(Long::longValue).toArray(), seconds, 0);
  }

  private void suspend() {
    var reason = JsonMapper.shared().createObjectNode().put("reason", "a benchmark");
    nodes.getFirst().admin().post("/v1/identities/" + IDENTITY + "/suspend", reason);
  }
}
