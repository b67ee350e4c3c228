package dev.remit.conformance.bench;

import dev.remit.conformance.bench.policy.PolicyBench;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Runs one benchmark by its name: `./remit bench NAME [-o json]`.
public final class Bench {
  private static final Map<String, Supplier<Report>> BENCHES =
      new TreeMap<>(
          Map.of(
              "authzen", AuthZenBench::run,
              "gateway", GatewayBench::run,
              "policy", Bench::policy,
              "start", StartBench::run));

  private Bench() {}

  /// Runs the benchmark that `args` names and returns the exit status: 0, or 2 when the arguments
  /// are not understood.
  public static int run(String[] args, PrintStream out, PrintStream err) {
    var names = List.of(args);
    var bench = names.isEmpty() ? null : BENCHES.get(names.getFirst());
    boolean json = names.size() == 3 && names.subList(1, 3).equals(List.of("-o", "json"));
    if (bench == null || (names.size() != 1 && !json)) {
      err.println("usage: remit bench NAME [-o json], where NAME is one of " + BENCHES.keySet());
      return 2;
    }
    var report = bench.get();
    out.println(json ? report.json() : report.text());
    return 0;
  }

  private static Report policy() {
    var report = new Report("policy");
    for (var row : PolicyBench.run(10, 100, 1_000)) {
      var compiled = row.policies() + " policies, compiled";
      var cedar = row.policies() + " policies, cedar-java";
      report.row(compiled, Measured.ofCpu(row.ours()));
      report.row(cedar, Measured.ofCpu(row.cedar()));
      var cel = row.policies() + " policies, CEL-Java";
      report.row(cel, Measured.ofCpu(row.cel()));
      report.ratio(cel, compiled, "cpu_us_per_op", row.cel() / row.ours());
      report.ratio(cedar, compiled, "cpu_us_per_op", row.cedar() / row.ours());
      report.note(compiled + ": " + Math.round(row.bytes()) + " bytes allocated a decision");
    }
    for (var grown : PolicyBench.grow(10, 1_000, 100_000)) {
      var name = "100 policies, " + grown.identities() + " identities beside";
      report.row(name, Measured.ofCpu(grown.ours()));
      report.note(name + ": " + Math.round(grown.bytes()) + " bytes allocated a decision");
    }
    report.note("CEL-Java: guards and one permit found by hash, no reasons, no errors recorded");
    report.note("CPU of one thread; latency is not measured here, so p50 and p99 are 0");
    return report;
  }
}
