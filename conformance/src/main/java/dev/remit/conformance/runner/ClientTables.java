package dev.remit.conformance.runner;

import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.node.NodeTools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs the official runner's client mode with a client on the official TypeScript SDK: at each
/// scenario's server directly, and through a built Remit with an allow-all policy.
public final class ClientTables {
  private static final String SPIFFE_ID = "spiffe://remit.local/trial/trial-agent";

  private ClientTables() {}

  /// Compares on fresh data in `folder`, which is kept for reading afterwards.
  public static List<Comparison> compare(NodeTools.Ready node, Path folder) {
    var runner = new OfficialRunner(node, folder.resolve("runs"));
    var reviews = folder.resolve("reviews");
    var workload = Workload.fresh(SPIFFE_ID);
    try (var remit = RemitProcess.start(folder.resolve("data"))) {
      remit.admin().apply(Declared.agent(workload) + Declared.allowAll());
      try (var desk = ScenarioDesk.open(remit, workload, reviews)) {
        var comparisons = new ArrayList<Comparison>();
        for (var revision : OfficialRunner.REVISIONS) {
          var reviewed = Map.of("REVIEW_FOLDER", reviews.resolve(revision).toString());
          var declared = Map.of("REMIT_DECLARES", desk.url().toString());
          comparisons.add(
              new Comparison(
                  runner.client("direct", "scenario-client.mjs", revision, reviewed).judged(),
                  runner.client("governed", "through-remit.mjs", revision, declared).judged()));
        }
        return comparisons;
      }
    }
  }
}
