package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// One MCP tool call: directly, through nginx, and through Remit with everything on (token check,
/// scope, grant, pin, policy, durable decision, outcome), at 1, 16 and 64 connections.
///
/// The upstream answers from a constant in a process of its own, so what is measured is what stands
/// between. CPU is that of the process in the middle and its children, database included.
final class GatewayBench {
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);
  private static final int ROUNDS = 5;
  private static final int CALLS_A_ROUND = 4_000;
  private static final String SPIFFE_ID = "spiffe://remit.local/bench/bench-agent";

  private GatewayBench() {}

  static Report run() {
    var report = new Report("gateway");
    try {
      measure(report);
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    }
    return report;
  }

  private static void measure(Report report) throws IOException {
    var folder = Files.createTempDirectory("remit-bench-");
    folder.toFile().setExecutable(true, false);
    var upstream = upstream();
    int port = Integer.parseInt(firstLine(upstream));
    var nginx = Nginx.start(folder, port);
    try (var remit = RemitProcess.start(folder.resolve("data"))) {
      var contenders = new LinkedHashMap<String, Contender>();
      contenders.put(
          "direct", new Contender(at(port), new ProcessCpu(List.of()), call("/mcp", "", port)));
      nginx.ifPresentOrElse(
          it ->
              contenders.put(
                  "nginx",
                  new Contender(
                      at(it.port()), ProcessCpu.of(it.process()), call("/mcp", "", it.port()))),
          () -> report.note("nginx is not installed; apt-get install nginx-light adds that row"));
      var governed = governed(remit, port);
      contenders.put("remit", governed);
      for (int connections : CONNECTIONS) {
        compare(report, contenders, connections);
      }
      report.note(whereTheTimeGoes(governed));
    } finally {
      nginx.ifPresent(Nginx::close);
      upstream.destroy();
    }
  }

  private static void compare(Report report, Map<String, Contender> contenders, int connections) {
    var rounds = new LinkedHashMap<String, List<Measured>>();
    for (int round = -1; round < ROUNDS; round++) {
      for (var contender : contenders.entrySet()) {
        var measured = contender.getValue().load(connections);
        if (round >= 0) { // the first round warms up
          rounds.computeIfAbsent(contender.getKey(), _ -> new ArrayList<>()).add(measured);
        }
      }
    }
    var medians = new LinkedHashMap<String, Measured>();
    rounds.forEach((name, all) -> medians.put(name, Measured.median(all)));
    medians.forEach((name, median) -> report.row(name + ", " + connections + " conn", median));
    var direct = medians.get("direct");
    medians.forEach((name, median) -> {
      if (!name.equals("direct") && direct != null) {
        report.note(
            "%s at %d: p50 added %.0f µs over direct"
                .formatted(name, connections, median.p50Us() - direct.p50Us()));
      }
    });
  }

  private static String whereTheTimeGoes(Contender governed) {
    int connections = CONNECTIONS.getLast();
    double all = governed.between().micros();
    double server = governed.between().microsAlone();
    long calls = governed.load(connections).calls();
    double serverUs = (governed.between().microsAlone() - server) / calls;
    double allUs = (governed.between().micros() - all) / calls;
    return "of Remit's CPU at %d: server %.0f µs a call, database %.0f µs a call"
        .formatted(connections, serverUs, allUs - serverUs);
  }

  private static Contender governed(RemitProcess remit, int upstreamPort) {
    var admin = remit.admin();
    var workload = Workload.fresh(SPIFFE_ID);
    admin.apply(BenchManifests.text(workload, "http://127.0.0.1:" + upstreamPort + "/mcp"));
    var token = workload.start(remit.address(), "fast", "measure", List.of());
    var port = remit.address().getPort();
    var headers = "Authorization: Bearer " + token.value() + "\r\n";
    return new Contender(
        at(port), ProcessCpu.of(remit.process()), call("/mcp/fast", headers, port));
  }

  private static IntFunction<byte[]> call(String path, String headers, int port) {
    var modern =
        headers
            + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: echo\r\n";
    return n ->
        RawConnection.post(
            path,
            "127.0.0.1:" + port,
            modern,
            "{\"jsonrpc\":\"2.0\",\"id\":"
                + n
                + ",\"method\":\"tools/call\",\"params\":{\"_meta\":{"
                + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"load\",\"version\":\"1\"},"
                + "\"io.modelcontextprotocol/clientCapabilities\":{}},"
                + "\"name\":\"echo\",\"arguments\":{\"n\":"
                + n
                + "}}}");
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private static Process upstream() throws IOException {
    return new ProcessBuilder(
            Home.java(),
            "-XX:+UseSerialGC",
            "-cp",
            Home.ownClassPath(),
            FastUpstream.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String firstLine(Process process) throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var line = reader.readLine();
    if (line == null) {
      throw new IOException("the upstream of the benchmark did not start");
    }
    return line;
  }

  /// One way to the upstream.
  private record Contender(
      InetSocketAddress target, ProcessCpu between, IntFunction<byte[]> request) {

    Measured load(int connections) {
      return new Load(target, connections, CALLS_A_ROUND / connections, request).run(between);
    }
  }
}
