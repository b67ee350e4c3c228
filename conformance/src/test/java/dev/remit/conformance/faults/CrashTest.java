package dev.remit.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ExportedLedger;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the server in the middle of many calls, again and again.
///
/// Every lane is a task of its own that makes one call after another. The upstream keeps the
/// decision that each call named, so its log and the ledger are held against each other call by
/// call.
class CrashTest {
  private static final int ROUNDS = 3;
  private static final int LANES = 100;
  private static final int CALLS_EACH = 100;
  private static final String SPIFFE_ID = "spiffe://remit.local/bench/bench-agent";

  @Test
  @Tag("R200")
  void every_call_that_reached_the_upstream_has_its_decision_after_a_crash(@TempDir Path folder)
      throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    var lanes = new ArrayList<Lane>();
    try (var upstream = FastUpstream.start();
        var remit = RemitProcess.start(folder.resolve("data"))) {
      var workload = Workload.fresh(SPIFFE_ID);
      remit.admin().apply(BenchManifests.text(workload, upstream.url()));

      for (int round = 0; round < ROUNDS; round++) {
        var begun = started(remit, workload, lanes.size());
        lanes.addAll(begun);
        crashDuring(remit, upstream, begun, round);
        remit.restart();
      }
      var export = exported(remit, folder);

      var entries = new ExportedLedger(export).entries();
      var decided = decidedByTask(entries);
      var seen = upstream.seen();
      assertThat(upstream.repeated()).as("calls that arrived twice").isZero();
      assertThat(lanes).allSatisfy(lane -> lane.isAccountedFor(seen, decided));
      assertThat(lanes).anySatisfy(lane -> assertThat(lane.wasCutOff()).isTrue());
      assertNothingIsThereTwice(entries);
      assertAnswersAreOfCallsThatArrived(entries, new HashSet<>(seen.values()));
      assertThat(remit.stop()).isZero();
    }
  }

  private static List<Lane> started(RemitProcess remit, Workload workload, int before) {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < LANES; i++) {
      var token = workload.start(remit.address(), "fast", "measure", List.of());
      lanes.add(new Lane(remit.address(), token, (before + i) * CALLS_EACH, CALLS_EACH));
    }
    return lanes;
  }

  /// Kills the server once a part of the calls, another in each round, has come through.
  private static void crashDuring(
      RemitProcess remit, FastUpstream upstream, List<Lane> lanes, int round)
      throws InterruptedException {
    long enough = upstream.calls() + (long) LANES * CALLS_EACH * (round + 1) / (ROUNDS + 2);
    var threads = lanes.stream().map(Thread::startVirtualThread).toList();
    while (upstream.calls() < enough && threads.stream().anyMatch(Thread::isAlive)) {
      Thread.sleep(2);
    }
    remit.kill();
    for (var thread : threads) {
      thread.join();
    }
  }

  private static Path exported(RemitProcess remit, Path folder) throws IOException {
    var agent = Files.createDirectories(folder.resolve("auditor"));
    var cli = Cli.of(agent, remit.address(), remit.admin().token());
    var export = agent.resolve("export");
    var said = cli.run("ledger", "export", export.toString());
    assertThat(said.status()).as(said.output()).isZero();

    var verified = cli.run("verify", export.toString());

    assertThat(verified.status()).as(verified.output()).isZero();
    return export;
  }

  private static Map<String, Set<String>> decidedByTask(List<RecordedEntry> entries) {
    return entries.stream()
        .filter(entry -> entry.type() == EntryType.CALL_DECIDED)
        .filter(entry -> entry.text("decision").orElse("").equals("allow"))
        .collect(
            Collectors.groupingBy(
                entry -> entry.text("task").orElse("no task"),
                Collectors.mapping(entry -> entry.id().orElseThrow(), Collectors.toSet())));
  }

  private static void assertAnswersAreOfCallsThatArrived(
      List<RecordedEntry> entries, Set<String> arrived) {
    var answered =
        entries.stream()
            .filter(entry -> entry.type() == EntryType.CALL_ENDED)
            .filter(entry -> entry.text("outcome").orElse("").equals("answered"))
            .map(entry -> entry.of().orElseThrow())
            .toList();
    assertThat(answered).isNotEmpty();
    assertThat(arrived.containsAll(answered)).as("every answer is of a call that arrived").isTrue();
  }

  private static void assertNothingIsThereTwice(List<RecordedEntry> entries) {
    var decisions = new HashSet<String>();
    var outcomes = new HashSet<String>();
    for (var entry : entries) {
      if (entry.type() == EntryType.CALL_DECIDED) {
        assertThat(decisions.add(entry.id().orElseThrow())).as("a decision twice").isTrue();
      }
      if (entry.type() == EntryType.CALL_ENDED) {
        assertThat(outcomes.add(entry.of().orElseThrow())).as("an outcome twice").isTrue();
      }
    }
    assertThat(decisions).containsAll(outcomes);
  }
}
