package dev.remit.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.remit.conformance.bench.BenchManifests;
import dev.remit.conformance.bench.FastUpstream;
import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.ExportedLedger;
import dev.remit.conformance.harness.ModernAgent;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.Workload;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.ledger.RecordedEntry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that is really full: the data directory lies on a file system of its own, which somebody
/// else fills to the last byte.
class DiskFullTest {
  private static final String DISK_SIZE = "400m";
  private static final int CALLS_MAX = 2_000;

  /// So long that a few hundred calls use up what PostgreSQL has put by.
  private static final String LONG = "x".repeat(60_000);

  @TempDir private Path folder;
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    folder.toFile().setExecutable(true, false);
    disk = Files.createDirectory(folder.resolve("disk"));
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_SIZE, "tmpfs", disk.toString()) == 0;
    assumeTrue(mounted, "a file system of 400 MB is needed, and mounting one is not allowed here");
    disk.toFile().setExecutable(true, false);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    if (mounted) {
      assertThat(run("umount", disk.toString())).isZero();
    }
  }

  @Test
  @Tag("R200")
  @Tag("R208")
  void nothing_is_sent_on_unrecorded_while_the_disk_is_full_and_all_goes_on_after_it()
      throws IOException {
    try (var upstream = FastUpstream.start();
        var remit = RemitProcess.start(disk.resolve("data"))) {
      var calls = new Calls(remit, upstream);
      assertThat(calls.isAnsweredAgain()).isTrue();

      fill();
      var refused = calls.untilRefused();
      assertThat(refused.body()).as("what the agent is told").contains("database", "nothing");
      long sentBefore = upstream.calls();
      calls.next();
      calls.next();
      assertThat(upstream.calls())
          .as("calls sent on while nothing can be recorded")
          .isEqualTo(sentBefore);

      Files.delete(filler());
      await().atMost(Duration.ofSeconds(60)).until(calls::isAnsweredAgain);

      var entries = verified(remit);
      assertThat(decided(entries)).containsAll(calls.answered);
      assertThat(decided(entries)).containsAll(upstream.seen().values());
    }
  }

  private Path filler() {
    return disk.resolve("somebody-elses-file");
  }

  private void fill() throws IOException {
    var block = ByteBuffer.allocate(64 * 1024);
    try (var file =
        FileChannel.open(filler(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (true) {
        block.rewind();
        file.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private List<RecordedEntry> verified(RemitProcess remit) throws IOException {
    var auditor = Files.createDirectories(folder.resolve("auditor"));
    var cli = Cli.of(auditor, remit.address(), remit.admin().token());
    var export = auditor.resolve("export").toString();
    assertThat(cli.run("ledger", "export", export).status()).isZero();
    var said = cli.run("verify", export);
    assertThat(said.status()).as(said.output()).isZero();
    return new ExportedLedger(Path.of(export)).entries();
  }

  private static Set<String> decided(List<RecordedEntry> entries) {
    return entries.stream()
        .filter(entry -> entry.type() == EntryType.CALL_DECIDED)
        .map(entry -> entry.id().orElseThrow())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static int run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      return -1; // not installed
    }
  }

  /// One agent that calls again and again, whatever it is answered.
  private static final class Calls {
    private final ModernAgent agent;
    private final String token;
    private final List<String> answered = new ArrayList<>();
    private int n;

    Calls(RemitProcess remit, FastUpstream upstream) {
      var workload = Workload.fresh("spiffe://remit.local/bench/bench-agent");
      remit.admin().apply(BenchManifests.text(workload, upstream.url()));
      token = workload.start(remit.address(), "fast", "measure", List.of()).value();
      agent = new ModernAgent(remit.address(), "fast");
    }

    HttpResponse<String> next() {
      n++;
      var answer = agent.call(token, "echo", "{\"n\":" + n + ",\"text\":\"" + LONG + "\"}");
      if (isAnswered(answer)) {
        answered.add(answer.headers().firstValue("Remit-Decision").orElseThrow());
      }
      return answer;
    }

    boolean isAnsweredAgain() {
      return isAnswered(next());
    }

    private static boolean isAnswered(HttpResponse<String> answer) {
      return answer.statusCode() == 200 && answer.body().contains("\"text\":\"ok\"");
    }

    HttpResponse<String> untilRefused() {
      for (int i = 0; i < CALLS_MAX; i++) {
        var answer = next();
        if (!isAnswered(answer)) {
          return answer;
        }
      }
      throw new AssertionError("the disk is full, and " + CALLS_MAX + " calls were answered");
    }
  }
}
