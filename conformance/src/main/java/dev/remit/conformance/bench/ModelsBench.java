package dev.remit.conformance.bench;

import dev.remit.conformance.bench.ModelWay.Form;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One question to a model, whole and streamed, at 1 and 64 connections: directly; through nginx;
/// through Remit with everything on (token, scope, grant, budgets, policy, durable decision with
/// the prompt encrypted beside, provider's key, outcome); and through npm `@portkey-ai/gateway`.
/// Then a thousand streams at once through Remit.
///
/// The model answers from constants in a process of its own, so what is measured is what stands
/// between. CPU is that of the process in the middle, with Remit's database.
final class ModelsBench {
  private static final List<Integer> CONNECTIONS = List.of(1, 64);
  private static final String REMIT = GovernedModel.NAME;
  private static final String PORTKEY = "portkey";
  private static final String DIRECT = "direct";

  private final Effort effort;
  private final Report report = new Report("models");
  private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

  private ModelsBench(Effort effort) {
    this.effort = effort;
  }

  static Report run(Effort effort) {
    var bench = new ModelsBench(effort);
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
    var folder = opened(BenchFolder.make());
    var model = opened(ChildProcess.start(FastModel.class, List.of("-XX:+UseSerialGC")));
    var remit = opened(RemitProcess.start(folder.data()));

    var ways = new ArrayList<ModelWay>();
    ways.add(plain(DIRECT, model.port(), ProcessCpu.none()));
    nginx(folder, model.port(), ways);
    var governed = GovernedModel.declare(remit, model.port());
    ways.add(governed);
    portkey(folder, model.port(), ways);

    for (var form : Form.values()) {
      ways.forEach(way ->
          WarmUp.until(effort, () -> way.load(form, CONNECTIONS.getLast(), effort.calls / 4)));
      CONNECTIONS.forEach(connections -> compare(ways, form, connections));
    }
    report.note(whereTheTimeGoes(governed, model.process(), remit.process()));
    manyStreams(governed, remit.process());
  }

  private static ModelWay plain(String name, int port, ProcessCpu between) {
    return new ModelWay(name, port, between, "/v1/chat/completions", () -> "");
  }

  private void nginx(BenchFolder folder, int modelPort, List<ModelWay> ways) throws IOException {
    var nginx = Nginx.start(folder.path(), modelPort);
    if (nginx.isEmpty()) {
      report.note("nginx is not installed; apt-get install nginx-light adds its rows");
      return;
    }
    var it = opened(nginx.get());
    ways.add(plain("nginx", it.port(), ProcessCpu.of(it.process())));
  }

  private void portkey(BenchFolder folder, int modelPort, List<ModelWay> ways) throws IOException {
    if (effort == Effort.BRIEF) {
      report.note("portkey is left out of a brief run");
      return;
    }
    switch (NodeTools.portkey()) {
      case NodeTools.Missing(var why) -> report.note("portkey is left out: " + why);
      case NodeTools.Ready node ->
          ways.add(opened(Portkey.start(node, folder.path())).way(modelPort));
    }
  }

  private void compare(List<ModelWay> ways, Form form, int connections) {
    var rounds = new LinkedHashMap<String, List<Measured>>();
    int calls = connections == 1 ? effort.calls / 2 : effort.calls;
    for (int round = -1; round < effort.rounds; round++) {
      for (var way : ways) {
        var measured = way.load(form, connections, calls);
        if (round >= 0) { // the first round warms up
          rounds.computeIfAbsent(way.name(), _ -> new ArrayList<>()).add(measured);
        }
      }
    }
    var medians = new LinkedHashMap<String, Measured>();
    rounds.forEach((name, all) -> medians.put(name, Measured.median(all)));
    medians.forEach((name, median) -> report.row(row(name, form, connections), median));
    beyond(medians, form, connections);
  }

  /// What each costs beyond a direct question, and Portkey beside Remit.
  private void beyond(Map<String, Measured> medians, Form form, int connections) {
    var direct = medians.get(DIRECT);
    var remit = medians.get(REMIT);
    var portkey = medians.get(PORTKEY);
    if (direct == null || remit == null) {
      throw new IllegalStateException("the direct way and ours are always measured");
    }
    medians.forEach((name, median) -> {
      if (!name.equals(DIRECT)) {
        report.note(
            "%s: added over direct p50 %.0f µs, p99 %.0f µs%s%s"
                .formatted(
                    row(name, form, connections),
                    median.p50Us() - direct.p50Us(),
                    median.p99Us() - direct.p99Us(),
                    form == Form.STREAMED ? " to the first byte" : "",
                    perCpuSecond(median)));
      }
    });
    if (portkey != null) {
      report.ratio(
          row(PORTKEY, form, connections),
          row(REMIT, form, connections),
          "cpu_us_per_op",
          portkey.cpuUsPerCall() / remit.cpuUsPerCall());
    }
  }

  /// A short load may use less CPU than can be told.
  private static String perCpuSecond(Measured median) {
    return median.cpuUsPerCall() > 0
        ? "; %.0f questions per CPU-second".formatted(1e6 / median.cpuUsPerCall())
        : "";
  }

  /// Of governed questions on a full machine, which process uses how much.
  private String whereTheTimeGoes(ModelWay governed, Process model, Process remit) {
    var parts = new ArrayList<String>();
    for (var form : Form.values()) {
      var server = ProcessCpu.alone(remit);
      var all = ProcessCpu.of(remit);
      var upstream = ProcessCpu.alone(model);
      double serverBefore = server.micros();
      double allBefore = all.micros();
      double upstreamBefore = upstream.micros();
      long calls = 0;
      for (int round = 0; round < effort.rounds; round++) {
        calls += governed.load(form, CONNECTIONS.getLast(), effort.calls).calls();
      }
      parts.add(
          "%s: server %.0f, server and database %.0f, model %.0f"
              .formatted(
                  form == Form.WHOLE ? "whole" : "streamed",
                  (server.micros() - serverBefore) / calls,
                  (all.micros() - allBefore) / calls,
                  (upstream.micros() - upstreamBefore) / calls));
    }
    return "CPU of a governed question at %d, in µs: %s"
        .formatted(CONNECTIONS.getLast(), String.join("; ", parts));
  }

  private void manyStreams(ModelWay governed, Process remit) throws IOException {
    int streams = effort == Effort.BRIEF ? 32 : 1_000;
    int words = effort == Effort.BRIEF ? 10 : 100;
    var held = ManyStreams.through(governed, remit, streams, words);
    report.row("remit, %d streams at once, first byte".formatted(streams), held.firstBytes());
    report.note(held.text());
  }

  private static String row(String name, Form form, int connections) {
    return name + (form == Form.WHOLE ? ", " : " streamed, ") + connections + " conn";
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
