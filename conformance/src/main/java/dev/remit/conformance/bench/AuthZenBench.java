package dev.remit.conformance.bench;

import dev.remit.conformance.authzen.DecisionPoint;
import dev.remit.conformance.authzen.Records;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// One AuthZEN decision over HTTP, ours beside Cerbos with equivalent rules, and the same in one
/// request of fifty, at 1, 16 and 64 connections.
///
/// Ours authenticates every request and has each decision durable, signed and provable before it
/// answers; there is no mode without, so none is measured. Cerbos does neither. CPU is that of the
/// server and its children, database included; a row of fifty counts decisions, not requests.
final class AuthZenBench {
  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);
  private static final int BATCH = 50;

  private AuthZenBench() {}

  static Report run(Effort effort) {
    var report = new Report("authzen");
    try {
      measure(report, effort);
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    }
    return report;
  }

  private static void measure(Report report, Effort effort) throws IOException {
    var folder = Files.createTempDirectory("remit-bench-");
    folder.toFile().setExecutable(true, false);
    var cerbos = Cerbos.start(folder);
    try (var remit = RemitProcess.start(folder.resolve("data"))) {
      var edge = Records.edge();
      remit.admin().apply(Records.text(edge));
      var token = DecisionPoint.as(edge, "enforce", remit).token();
      var contenders = new LinkedHashMap<String, Contender>();
      var cpu = ProcessCpu.of(remit.process());
      add(contenders, "remit", remit.address().getPort(), cpu, token);
      cerbos.ifPresentOrElse(
          it -> add(contenders, "cerbos", it.port(), ProcessCpu.of(it.process()), ""),
          () -> report.note("cerbos is not installed; `" + Cerbos.INSTALL + "` adds its rows"));
      for (int connections : CONNECTIONS) {
        compare(report, contenders, connections, effort);
      }
      report.note(
          "remit: every request authenticated, every decision durable before it is answered;"
              + " cerbos: no authentication, no audit log");
      report.note(whereTheTimeGoes(contenders, effort));
    } finally {
      cerbos.ifPresent(Cerbos::close);
    }
  }

  private static void add(
      Map<String, Contender> contenders, String name, int port, ProcessCpu cpu, String token) {
    contenders.put(name, new Contender(port, cpu, one(port, token), 1));
    contenders.put(name + ", 50 in one", new Contender(port, cpu, fifty(port, token), BATCH));
  }

  private static void compare(
      Report report, Map<String, Contender> contenders, int connections, Effort effort) {
    var rounds = new LinkedHashMap<String, List<Measured>>();
    for (int round = -1; round < effort.rounds; round++) {
      for (var contender : contenders.entrySet()) {
        var measured = contender.getValue().load(connections, effort.calls);
        if (round >= 0) { // the first round warms up
          rounds.computeIfAbsent(contender.getKey(), _ -> new ArrayList<>()).add(measured);
        }
      }
    }
    var medians = new LinkedHashMap<String, Measured>();
    rounds.forEach((name, all) -> medians.put(name, Measured.median(all)));
    medians.forEach((name, median) -> report.row(label(name, connections), median));
    for (var kind : List.of("", ", 50 in one")) {
      var ours = medians.get("remit" + kind);
      var theirs = medians.get("cerbos" + kind);
      if (ours != null && theirs != null) {
        report.ratio(
            label("cerbos" + kind, connections),
            label("remit" + kind, connections),
            "cpu_us_per_op",
            theirs.cpuUsPerCall() / ours.cpuUsPerCall());
      }
    }
  }

  private static String whereTheTimeGoes(Map<String, Contender> contenders, Effort effort) {
    var remit = contenders.get("remit");
    if (remit == null) {
      throw new IllegalStateException("remit is always measured");
    }
    double all = remit.cpu().micros();
    double server = remit.cpu().alone().micros();
    long calls = remit.load(64, effort.calls).calls();
    double serverUs = (remit.cpu().alone().micros() - server) / calls;
    return "of Remit's CPU at 64: server %.0f µs a decision, database %.0f µs"
        .formatted(serverUs, (remit.cpu().micros() - all) / calls - serverUs);
  }

  private static String label(String name, int connections) {
    return name + ", " + connections + " conn";
  }

  private static IntFunction<byte[]> one(int port, String token) {
    return n -> post(port, token, "evaluation", "{" + SUBJECT + "," + evaluation(n) + "}");
  }

  private static final String SUBJECT =
      "\"subject\":{\"type\":\"user\",\"id\":\"alice\",\"properties\":{"
          + "\"roles\":[\"user\"],\"role\":\"clerk\"}}";

  /// Cerbos wants one where there are several.
  private static final String CONTEXT = ",\"context\":{\"source\":\"bench\"}";

  /// By turns a read that is allowed, a write that is, and a write of what is archived.
  private static String evaluation(int n) {
    var action = n % 3 == 0 ? "read" : "write";
    var status = n % 3 == 2 ? "archived" : "active";
    return "\"action\":{\"name\":\""
        + action
        + "\"},\"resource\":{\"type\":\"record\",\"id\":\"record-1\",\"properties\":{"
        + "\"status\":\""
        + status
        + "\"}}";
  }

  private static IntFunction<byte[]> fifty(int port, String token) {
    return n -> {
      var body = new StringBuilder("{" + SUBJECT + CONTEXT + ",\"evaluations\":[");
      for (int i = 0; i < BATCH; i++) {
        body.append(i == 0 ? "{" : ",{").append(evaluation(n + i)).append('}');
      }
      return post(port, token, "evaluations", body.append("]}").toString());
    };
  }

  private static byte[] post(int port, String token, String what, String body) {
    var headers = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
    return RawConnection.post("/access/v1/" + what, "127.0.0.1:" + port, headers, body);
  }

  /// One server and one way of asking it.
  ///
  /// @param decisions in one request
  private record Contender(int port, ProcessCpu cpu, IntFunction<byte[]> request, int decisions) {

    Measured load(int connections, int callsMax) {
      int calls = Math.max(connections, callsMax / (decisions == 1 ? 1 : 10));
      var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      var measured = new Load(target, connections, calls / connections, request).run(cpu);
      return new Measured(
          measured.calls() * decisions,
          measured.p50Us(),
          measured.p99Us(),
          measured.perSecond() * decisions,
          measured.cpuUsPerCall() / decisions);
    }
  }
}
