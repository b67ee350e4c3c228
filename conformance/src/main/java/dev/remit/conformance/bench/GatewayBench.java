package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One MCP tool call, at 1, 16 and 64 connections: directly; through nginx; through a [RawProxy] of
/// Remit's own libraries; through Remit with everything on (token check, scope, grant, pin, policy,
/// durable decision, outcome); and, where Node is, through two gateways of the Node world.
///
/// The upstream answers from a constant in a process of its own, so what is measured is what stands
/// between. CPU is that of the process in the middle, with Remit's database.
final class GatewayBench {
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);
  private static final String RAW = "raw proxy";
  private static final String REMIT = Governed.NAME;

  private final Effort effort;
  private final Report report = new Report("gateway");
  private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

  private GatewayBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new GatewayBench(effort);
    try {
      bench.measure();
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    } finally {
      bench.close();
    }
    return bench.report;
  }

  private void measure() throws IOException {
    var folder = Files.createTempDirectory("remit-bench-");
    folder.toFile().setExecutable(true, false);
    var upstream = opened(ChildProcess.start(FastUpstream.class, List.of("-XX:+UseSerialGC")));
    var remit = opened(RemitProcess.start(folder.resolve("data")));

    var contenders = new ArrayList<Contender>();
    contenders.add(Contender.modern("direct", upstream.port(), ProcessCpu.none()));
    nginx(folder, upstream.port(), contenders);
    contenders.add(raw(upstream.port()));
    contenders.add(Governed.echo(remit, upstream.port()));
    nodePeers(folder, contenders);

    contenders.forEach(
        it -> WarmUp.until(effort, () -> it.load(CONNECTIONS.getLast(), effort.calls / 4)));
    for (int connections : CONNECTIONS) {
      compare(contenders, connections);
    }
    report.note(whereTheTimeGoes(contenders, upstream.process(), remit.process()));
  }

  private void nginx(Path folder, int upstreamPort, List<Contender> contenders) throws IOException {
    var nginx = Nginx.start(folder, upstreamPort);
    if (nginx.isEmpty()) {
      report.note("nginx is not installed; apt-get install nginx-light adds that row");
      return;
    }
    var it = opened(nginx.get());
    contenders.add(Contender.modern("nginx", it.port(), ProcessCpu.of(it.process())));
  }

  /// With the options of `remit serve`, so that only the work differs.
  private Contender raw(int upstreamPort) throws IOException {
    var options = "@" + Home.directory().resolve("build").resolve("serve.options");
    var proxy = opened(ChildProcess.start(RawProxy.class, List.of(options), "" + upstreamPort));
    return Contender.modern(RAW, proxy.port(), ProcessCpu.of(proxy.process()));
  }

  private void nodePeers(Path folder, List<Contender> contenders) throws IOException {
    if (effort == Effort.BRIEF) {
      report.note("mcp-proxy and supergateway are left out of a brief run");
      return;
    }
    switch (NodeTools.prepare()) {
      case NodeTools.Missing(var why) ->
          report.note(
              "mcp-proxy and supergateway are left out: "
                  + why
                  + "; `npm ci --ignore-scripts` in conformance/src/node installs them");
      case NodeTools.Ready node -> {
        contenders.add(opened(NodePeer.mcpProxy(node, folder)).contender());
        contenders.add(opened(NodePeer.supergateway(node, folder)).contender());
      }
    }
  }

  private void compare(List<Contender> contenders, int connections) {
    var rounds = new LinkedHashMap<String, List<Measured>>();
    int calls = connections == 1 ? effort.calls / 2 : effort.calls;
    for (int round = -1; round < effort.rounds; round++) {
      for (var contender : contenders) {
        var measured = contender.load(connections, calls);
        if (round >= 0) { // the first round warms up
          rounds.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(measured);
        }
      }
    }
    var medians = new LinkedHashMap<String, Measured>();
    rounds.forEach((name, all) -> medians.put(name, Measured.median(all)));
    medians.forEach((name, median) -> report.row(row(name, connections), median));
    beyond(medians, connections);
  }

  /// What each costs beyond a direct call, and Remit beyond the raw proxy.
  private void beyond(Map<String, Measured> medians, int connections) {
    var direct = medians.get("direct");
    var raw = medians.get(RAW);
    medians.forEach((name, median) -> {
      if (direct != null && !name.equals("direct")) {
        report.note(
            "%s at %d: p50 added %.0f µs over direct"
                .formatted(name, connections, median.p50Us() - direct.p50Us()));
      }
      if (raw != null && !name.equals("direct") && !name.equals(RAW)) {
        report.ratio(
            row(name, connections),
            row(RAW, connections),
            "cpu_us_per_op",
            median.cpuUsPerCall() / raw.cpuUsPerCall());
      }
    });
    var remit = medians.get(REMIT);
    if (raw != null && remit != null) {
      report.note(
          "remit at %d: CPU added %.0f µs a call over the raw proxy, database included"
              .formatted(connections, remit.cpuUsPerCall() - raw.cpuUsPerCall()));
    }
  }

  /// Of a governed call on a full machine, which process uses how much.
  private String whereTheTimeGoes(List<Contender> contenders, Process upstream, Process remit) {
    var cpu = new LinkedHashMap<String, ProcessCpu>();
    cpu.put("server", ProcessCpu.alone(remit));
    cpu.put("server and database", ProcessCpu.of(remit));
    cpu.put("upstream", ProcessCpu.alone(upstream));
    cpu.put("load generator", ProcessCpu.alone(ProcessHandle.current()));
    var governed =
        contenders.stream().filter(it -> it.name().equals(REMIT)).findFirst().orElseThrow();

    var before = cpu.values().stream().map(ProcessCpu::micros).toList();
    long calls = 0;
    for (int round = 0; round < effort.rounds; round++) {
      calls += governed.load(CONNECTIONS.getLast(), effort.calls).calls();
    }
    var after = cpu.values().stream().map(ProcessCpu::micros).toList();

    var parts = new ArrayList<String>();
    int i = 0;
    for (var name : cpu.keySet()) {
      parts.add("%s %.0f".formatted(name, (after.get(i) - before.get(i)) / calls));
      i++;
    }
    return parts.stream()
        .collect(
            Collectors.joining(
                ", ", "CPU of a governed call at " + CONNECTIONS.getLast() + ", in µs: ", ""));
  }

  private static String row(String name, int connections) {
    return name + ", " + connections + " conn";
  }

  private <T extends AutoCloseable> T opened(T it) {
    opened.push(it);
    return it;
  }

  private void close() {
    for (var it : opened) {
      try {
        it.close();
      } catch (Exception e) {
        throw new IllegalStateException("take the benchmark down", e);
      }
    }
  }
}
