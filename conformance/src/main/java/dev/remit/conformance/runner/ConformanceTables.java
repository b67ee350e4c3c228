package dev.remit.conformance.runner;

import dev.remit.conformance.fixture.Fixture;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.HeldKey;
import dev.remit.conformance.harness.LocalFront;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.ToolLists;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the official runner against our fixture, directly and through a built Remit with an
/// allow-all policy, for every revision.
///
/// The runner cannot present a task token, so it talks to `remit connect --listen`, which adds one
/// and passes all other bytes on.
public final class ConformanceTables {
  private static final String RESOURCE = "fixture";
  private static final String SPIFFE_ID = "spiffe://remit.local/trial/trial-agent";

  private ConformanceTables() {}

  /// Compares on fresh data in `folder`, which is kept for reading afterwards.
  public static List<Comparison> compare(NodeTools.Ready node, Path folder) {
    try (var fixture = Fixture.start(0);
        var remit = RemitProcess.start(folder.resolve("data"))) {
      var cli = declared(remit, fixture, Files.createDirectories(folder.resolve("agent")));
      try (var front = LocalFront.open(cli, RESOURCE, "trial-agent")) {
        var runner = new OfficialRunner(node, folder.resolve("runs"));
        var comparisons = new ArrayList<Comparison>();
        for (var revision : OfficialRunner.REVISIONS) {
          comparisons.add(
              new Comparison(
                  runner.server("direct", fixture.url(), revision),
                  runner.server("governed", front.url(), revision)));
        }
        return comparisons;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("prepare the conformance runs in " + folder, e);
    }
  }

  private static Cli declared(RemitProcess remit, Fixture fixture, Path agent) {
    var workload = Workload.fresh(SPIFFE_ID);
    var upstream = "{\"http\": {\"url\": \"" + fixture.url() + "\"}}";
    remit
        .admin()
        .apply(
            Declared.agent(workload)
                + Declared.resource(RESOURCE, upstream, ToolLists.of(fixture.url()))
                + Declared.grant(RESOURCE, List.of("*"))
                + Declared.allowAll());
    var cli = Cli.of(agent, remit.address(), remit.admin().token());
    HeldKey.write(cli, "trial-agent", "try", workload);
    return cli;
  }
}
