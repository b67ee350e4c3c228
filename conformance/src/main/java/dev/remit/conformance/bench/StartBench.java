package dev.remit.conformance.bench;

import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// How long a start takes until the server says that it is ready, the first time and later, and how
/// much memory the idle server and its database hold.
final class StartBench {
  private StartBench() {}

  static Report run(Effort effort) {
    var report = new Report("start");
    try {
      var data = Files.createTempDirectory("remit-bench-");
      data.toFile().setExecutable(true, false);
      var first = timed(() -> RemitProcess.start(data.resolve("data")));
      report.row("first start", first.measured());
      var server = first.server();
      var later = new ArrayList<Measured>();
      for (int i = 0; i < effort.rounds; i++) {
        server.stop();
        long start = System.nanoTime();
        server.restart();
        later.add(one(System.nanoTime() - start));
      }
      report.row("later start (median of " + effort.rounds + ")", Measured.median(later));
      Thread.sleep(5_000);
      report.note(memory(server.process().toHandle()));
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException("use a folder for the benchmark", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return report;
  }

  private static Measured one(long nanos) {
    return Measured.of(new long[] {nanos}, nanos / 1e9, 0);
  }

  private static Started timed(java.util.function.Supplier<RemitProcess> start) {
    long before = System.nanoTime();
    var server = start.get();
    return new Started(server, one(System.nanoTime() - before));
  }

  /// Proportional set size counts memory that PostgreSQL's processes share once.
  private static String memory(ProcessHandle root) throws IOException {
    long java = pssKib(root.pid());
    long rest = 0;
    for (var child : root.descendants().toList()) {
      rest += pssKib(child.pid());
    }
    return "idle memory (PSS): server %d MiB, database %d MiB, together %d MiB"
        .formatted(java / 1024, rest / 1024, (java + rest) / 1024);
  }

  private static long pssKib(long pid) throws IOException {
    var rollup = java.nio.file.Path.of("/proc", Long.toString(pid), "smaps_rollup");
    if (!Files.exists(rollup)) {
      return 0;
    }
    List<String> lines = Files.readAllLines(rollup);
    return lines.stream()
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /// A server and how long it took.
  private record Started(RemitProcess server, Measured measured) {}
}
