package dev.remit.conformance.bench;

import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// One `tools/list` of a server with 1,000 tools for one task, one connection: directly, and
/// through Remit, which compares each tool with its review, asks scope, grant and policy about it,
/// and writes the list anew without the tools that the task could not be allowed.
final class ListingBench {
  private static final int TOOLS = 1_000;

  /// So many are not granted, so that the list cannot pass as it is.
  private static final int WITHHELD = 10;

  private static final String SPIFFE_ID = "spiffe://remit.local/bench/bench-agent";

  private ListingBench() {}

  static Report run(Effort effort) {
    var report = new Report("listing");
    try (var folder = BenchFolder.make();
        var upstream =
            ChildProcess.start(FastUpstream.class, List.of("-XX:+UseSerialGC"), "" + TOOLS);
        var remit = RemitProcess.start(folder.data())) {
      compare(report, effort, List.of(direct(upstream), governed(remit, upstream.port())));
    } catch (IOException e) {
      throw new UncheckedIOException("set up the benchmark", e);
    }
    return report;
  }

  private static void compare(Report report, Effort effort, List<Contender> contenders) {
    int calls = effort.calls / 16;
    var rounds = new LinkedHashMap<String, List<Measured>>();
    for (int round = -effort.warmUpSeconds; round < effort.rounds; round++) {
      for (var contender : contenders) {
        var measured = contender.load(1, calls);
        if (round >= 0) {
          rounds.computeIfAbsent(contender.name(), _ -> new ArrayList<>()).add(measured);
        }
      }
    }
    var medians = new LinkedHashMap<String, Measured>();
    rounds.forEach((name, all) -> medians.put(name, Measured.median(all)));
    medians.forEach((name, median) -> report.row(name + ", " + TOOLS + " tools", median));
    var all = List.copyOf(medians.values());
    report.note(
        "p50 added %.2f ms; %d of the tools are withheld"
            .formatted((all.getLast().p50Us() - all.getFirst().p50Us()) / 1e3, WITHHELD));
  }

  private static Contender direct(ChildProcess upstream) {
    return Contender.listing("direct", upstream.port(), ProcessCpu.none(), "/mcp", () -> "");
  }

  private static Contender governed(RemitProcess remit, int upstreamPort) {
    var workload = Workload.fresh(SPIFFE_ID);
    var reviewed = ListedTools.of(TOOLS - WITHHELD);
    var url = "http://127.0.0.1:" + upstreamPort + "/mcp";
    remit.admin().apply(BenchManifests.text(workload, url, reviewed));
    return Contender.listing(
        "remit",
        remit.address().getPort(),
        ProcessCpu.of(remit.process()),
        "/mcp/fast",
        () ->
            "Authorization: Bearer "
                + workload.start(remit.address(), "fast", "measure", List.of()).value()
                + "\r\n");
  }
}
