package dev.remit.conformance.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Runs one benchmark by its name: `./remit bench NAME [-o json]`.
public final class Bench {
  private static final Map<String, Supplier<Report>> BENCHES =
      new TreeMap<>(Map.of("gateway", GatewayBench::run, "start", StartBench::run));

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
}
