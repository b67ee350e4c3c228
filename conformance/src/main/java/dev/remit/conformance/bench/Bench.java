package dev.remit.conformance.bench;

import dev.remit.conformance.bench.policy.PolicyBench;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/// Runs benchmarks by their names: `./remit bench NAME… [--brief] [-o json]`.
public final class Bench {
  private static final Map<String, Function<Effort, Report>> BENCHES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("authzen", AuthZenBench::run),
              Map.entry("console", ConsoleBench::run),
              Map.entry("credentials", CredentialBench::run),
              Map.entry("gateway", GatewayBench::run),
              Map.entry("ledger", LedgerBench::run),
              Map.entry("listing", ListingBench::run),
              Map.entry("models", ModelsBench::run),
              Map.entry("policy", Bench::policy),
              Map.entry("proofs", ProofsBench::run),
              Map.entry("registry", RegistryBench::run),
              Map.entry("replay", ReplayBench::run),
              Map.entry("revocation", RevocationBench::run),
              Map.entry("start", StartBench::run),
              Map.entry("tokens", TokensBench::run)));

  private Bench() {}

  /// The names of the benchmarks there are, in order.
  public static Set<String> names() {
    return BENCHES.keySet();
  }

  /// Runs the benchmarks that `args` names, one after the other, and returns the exit status: 0, or
  /// 2 when the arguments are not understood.
  public static int run(String[] args, PrintStream out, PrintStream err) {
    var words = new ArrayList<>(List.of(args));
    boolean json = Collections.indexOfSubList(words, List.of("-o", "json")) > 0;
    if (json) {
      words.remove("-o");
      words.remove("json");
    }
    var effort = words.remove("--brief") ? Effort.BRIEF : Effort.FULL;
    if (words.isEmpty() || !BENCHES.keySet().containsAll(words)) {
      err.println(
          "usage: remit bench NAME… [--brief] [-o json], where each NAME is one of "
              + BENCHES.keySet()
              + "; --brief does so little that its figures mean nothing");
      return 2;
    }
    for (var name : words) {
      var report = Objects.requireNonNull(BENCHES.get(name)).apply(effort);
      out.println(json ? report.json() : report.text());
    }
    return 0;
  }

  private static Report policy(Effort effort) {
    var report = new Report("policy");
    for (var row : PolicyBench.run(effort.rounds, 10, 100, 1_000)) {
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
    for (var grown : PolicyBench.grow(effort.rounds, 10, 1_000, 100_000)) {
      var name = "100 policies, " + grown.identities() + " identities beside";
      report.row(name, Measured.ofCpu(grown.ours()));
      report.note(name + ": " + Math.round(grown.bytes()) + " bytes allocated a decision");
    }
    report.note("CEL-Java: guards and one permit found by hash, no reasons, no errors recorded");
    report.note("CPU of one thread; latency is not measured here, so p50 and p99 are 0");
    return report;
  }
}
