package dev.remit.conformance.bench.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.exception.AuthException;
import dev.remit.kernel.policy.Combination;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/// Measures the CPU time of one decision at 10, 100 and 1,000 policies: our compiled evaluator,
/// building the request included, beside cedar-java with its policies cached. Both answer the same
/// requests, in alternating rounds on one thread, and the median round counts.
public final class PolicyBench {
  private static final long ROUND_NANOS = 200_000_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private PolicyBench() {}

  /// One line of the result.
  ///
  /// @param ours µs of CPU per decision by the compiled evaluator
  /// @param bytes bytes it allocates per decision
  /// @param cedar µs of CPU per decision by cedar-java
  /// @param cel µs of CPU per decision by CEL-Java, on equivalent expressions
  public record Row(int policies, double ours, double bytes, double cedar, double cel) {

    double ratio() {
      return cedar / ours;
    }
  }

  public static void main(String[] args) {
    print(System.out, run(9, 10, 100, 1_000));
  }

  static void print(PrintStream out, List<Row> rows) {
    out.printf(
        Locale.ROOT,
        "%10s %14s %14s %16s %8s%n",
        "policies",
        "compiled µs",
        "bytes/op",
        "cedar-java µs",
        "ratio");
    for (var row : rows) {
      out.printf(
          Locale.ROOT,
          "%10d %14.2f %14.0f %16.1f %8.0f%n",
          row.policies,
          row.ours,
          row.bytes,
          row.cedar,
          row.ratio());
    }
  }

  /// One size of the world at a hundred policies.
  ///
  /// @param ours µs of CPU per decision by the compiled evaluator
  public record Grown(int identities, double ours, double bytes) {}

  /// Measures the same hundred policies while the identities and tools that are known grow.
  public static List<Grown> grow(int rounds, int... identities) {
    return Arrays.stream(identities).mapToObj(size -> grown(rounds, size)).toList();
  }

  private static Grown grown(int rounds, int identities) {
    var scene = new Scene(100, identities);
    var ours = new double[rounds];
    var bytes = new double[rounds];
    for (int round = -3; round < rounds; round++) {
      int place = Math.max(round, 0);
      long before = allocated();
      var mine = cpuUs(i -> decide(scene, i));
      bytes[place] = (allocated() - before) / (double) mine.count;
      ours[place] = mine.microseconds;
    }
    return new Grown(identities, median(ours), median(bytes));
  }

  /// Measures each size in so many rounds, after one size was measured to warm up and forgotten.
  public static List<Row> run(int rounds, int... sizes) {
    measure(rounds, sizes[0]);
    return Arrays.stream(sizes).mapToObj(size -> measure(rounds, size)).toList();
  }

  private static Row measure(int rounds, int policies) {
    var scene = new Scene(policies);
    var ours = new double[rounds];
    var cedar = new double[rounds];
    var celScene = new CelScene(policies);
    var cel = new double[rounds];
    var bytes = new double[rounds];
    // The first rounds warm up and are overwritten.
    for (int round = -3; round < rounds; round++) {
      int place = Math.max(round, 0);
      long before = allocated();
      var mine = cpuUs(i -> decide(scene, i));
      bytes[place] = (allocated() - before) / (double) mine.count;
      ours[place] = mine.microseconds;
      cedar[place] = cpuUs(i -> ask(scene, i)).microseconds;
      cel[place] = cpuUs(celScene::decide).microseconds;
    }
    return new Row(policies, median(ours), median(bytes), median(cedar), median(cel));
  }

  private record Timed(double microseconds, long count) {}

  private static Timed cpuUs(IntConsumer operation) {
    long end = System.nanoTime() + ROUND_NANOS;
    long start = THREADS.getCurrentThreadCpuTime();
    int count = 0;
    do {
      for (int i = 0; i < 16; i++) {
        operation.accept(count++);
      }
    } while (System.nanoTime() < end);
    return new Timed((THREADS.getCurrentThreadCpuTime() - start) / 1e3 / count, count);
  }

  private static long allocated() {
    return THREADS instanceof com.sun.management.ThreadMXBean threads
        ? threads.getCurrentThreadAllocatedBytes()
        : 0;
  }

  private static void decide(Scene scene, int i) {
    var decision = scene.policies().decide(scene.request(i), scene.entities(), Combination.REMIT);
    if (decision.because().isEmpty()) {
      throw new IllegalStateException("request " + i + " was not decided as the scene intends");
    }
  }

  private static void ask(Scene scene, int i) {
    try {
      AuthorizationRequest request = scene.cedarRequest(i);
      var answer =
          new BasicAuthorizationEngine()
              .isAuthorized(request, scene.cedarPolicies(), scene.cedarEntities());
      if (!answer.success.orElseThrow().isAllowed()) {
        throw new IllegalStateException("cedar-java decided request " + i + " otherwise");
      }
    } catch (AuthException e) {
      throw new IllegalStateException("cedar-java could not be asked", e);
    }
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
