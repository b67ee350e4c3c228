package dev.remit.conformance.bench;

import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import java.util.List;

/// The benchmarks' upstream behind Remit, with everything on.
final class Governed {
  static final String NAME = "remit";
  private static final String SPIFFE_ID = "spiffe://remit.local/bench/bench-agent";

  private Governed() {}

  /// Declares the upstream and who may call its tool, and returns the way through Remit.
  static Contender echo(RemitProcess remit, int upstreamPort) {
    var workload = Workload.fresh(SPIFFE_ID);
    remit.admin().apply(BenchManifests.text(workload, "http://127.0.0.1:" + upstreamPort + "/mcp"));
    return Contender.modern(
        NAME,
        remit.address().getPort(),
        ProcessCpu.of(remit.process()),
        "/mcp/fast",
        () -> "Authorization: Bearer " + token(workload, remit) + "\r\n");
  }

  private static String token(Workload workload, RemitProcess remit) {
    return workload.start(remit.address(), "fast", "measure", List.of()).value();
  }
}
