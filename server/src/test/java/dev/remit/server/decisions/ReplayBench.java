package dev.remit.server.decisions;

import dev.remit.server.registry.PolicyCheck.Verdict;
import java.util.ArrayList;

/// Prints what it costs to keep a question, to make recorded decisions again out of a real
/// database, to pass the gate, and to activate a set that has passed it.
///
/// Run by hand with the number of decisions (1,000,000 by default); figures are in
/// `docs/benchmarks.md`. A thousand decisions are really recorded; the table is then filled up with
/// copies of their rows, which are read, parsed, decrypted and judged like any other.
final class ReplayBench {
  private static final int REAL = 1_000;
  private static final int POLICIES = 100;

  private ReplayBench() {}

  public static void main(String[] args) {
    int wanted = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    try (var recorded = new RecordedWorld()) {
      keeping();
      recorded.world.activate(policies(0));
      for (int i = 0; i < REAL; i++) {
        recorded.call(
            "bank/pay",
            "{'amount':"
                + i
                + ",'count':7,'to':'account-"
                + i
                + "','tags':['a','b'],'party':{'country':'CH'}}");
      }
      activating(recorded);
      fill(recorded, wanted);
      for (int newest : new int[] {1_000, wanted / 10, wanted}) {
        replaying(recorded.world, newest);
      }
    }
    System.exit(0);
  }

  /// A tenth guard every payment; the rest are permits for amounts of their own.
  private static String[] policies(int limit) {
    var cedar = new ArrayList<String>();
    for (int i = 0; i < POLICIES; i++) {
      cedar.add(
          i % 10 == 0
              ? "forbid (principal, action == Action::\"bank/pay\", resource) when"
                  + " { context.arguments.amount.greaterThan(decimal(\""
                  + (900 - limit + i)
                  + ".0\")) };"
              : "permit (principal in Workflow::\"invoices\", action == Action::\"bank/pay\","
                  + " resource) when { context.risk < 50 && context.task.intent =="
                  + " \"read-invoices\" && context.arguments has count && context.arguments.count <= "
                  + i
                  + " };");
    }
    return cedar.toArray(String[]::new);
  }

  private static void keeping() {
    var question =
        DecisionsWorld.question(
            "bank/pay",
            new Arguments.Given(
                DecisionsWorld.json("{'amount':99.5,'to':'account-17','tags':['a','b']}")),
            CallFacts.NONE);
    var arguments = ((Arguments.Given) question.arguments()).json();
    long before =
        micros(() -> arguments.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    long after = micros(() -> QuestionJson.bytes(question));
    System.out.printf(
        "keeping a question: %d bytes of body where the arguments alone were %d; %.2f us to write"
            + " where it was %.2f%n",
        QuestionJson.bytes(question).length,
        arguments.toString().length(),
        after / 1_000.0,
        before / 1_000.0);
  }

  /// Nanoseconds of one run.
  private static long micros(java.util.function.Supplier<byte[]> work) {
    long sum = 0;
    long started = 0;
    for (int i = 0; i < 400_000; i++) {
      started = i == 200_000 ? System.nanoTime() : started;
      sum += work.get().length;
    }
    return sum == 0 ? 0 : (System.nanoTime() - started) / 200_000;
  }

  private static void activating(RecordedWorld recorded) {
    var set = policies(1);
    long first = millis(() -> recorded.world.activate(set));
    var next = recorded.deciding(Evaluator.COMPILED);
    long again = millis(() -> next.activate(set));
    System.out.printf(
        "activating %d policies: %d ms with the gate, %d ms when it was passed before%n",
        POLICIES, first, again);
  }

  private static void fill(RecordedWorld recorded, int wanted) {
    int copies = wanted / REAL - 1;
    long took =
        millis(() -> {
          for (int from = 1; from <= copies; from += 25) {
            fill(recorded, from, Math.min(copies, from + 24));
          }
        });
    System.out.printf("(filled the table with %d copies in %d ms)%n", copies * REAL, took);
  }

  private static void fill(RecordedWorld recorded, long from, long to) {
    recorded.sql(
        """
        INSERT INTO ledger_entry (log, index, id, of, type, leaf, bytes)
        SELECT log, index + g * 1000000, id, of, type, leaf, bytes
          FROM ledger_entry, generate_series(?::bigint, ?::bigint) g
         WHERE type = 'call.decided' AND index < 1000000
        """,
        from,
        to);
    recorded.sql(
        """
        INSERT INTO ledger_body (log, index, name, ciphertext, kek, wrapped)
        SELECT log, index + g * 1000000, name, ciphertext, kek, wrapped
          FROM ledger_body, generate_series(?::bigint, ?::bigint) g
         WHERE index < 1000000
        """,
        from,
        to);
  }

  private static void replaying(DecisionsWorld world, int newest) {
    var proposed = world.with(policies(20));
    if (!(world.decisions.check(proposed) instanceof Verdict.Valid)) {
      throw new IllegalStateException("the proposed policies do not hold");
    }
    long used = cpuMillis();
    long[] differ = {0};
    long took = millis(() -> differ[0] = world.decisions.replay(proposed, newest).differ());
    System.out.printf(
        "replaying %,d decisions by %d policies: %,d ms, %,d ms of CPU in this process, %.1f us"
            + " each; %,d differ; %d MB of heap in use%n",
        newest,
        POLICIES,
        took,
        cpuMillis() - used,
        took * 1_000.0 / newest,
        differ[0],
        (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
  }

  private static long cpuMillis() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
  }

  private static long millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1_000_000;
  }
}
