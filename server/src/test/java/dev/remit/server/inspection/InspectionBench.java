package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.kernel.identity.SecretKind;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Measures what looking costs this thread in CPU time, with 100 stored secrets. Run by hand;
/// prints nanoseconds.
final class InspectionBench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private InspectionBench() {}

  public static void main(String... args) {
    var random = new Random(1);
    var known = new ArrayList<Known>();
    for (int i = 0; i < 100; i++) {
      var value = Samples.of(random, "abcdefghijklmnopqrstuvwxyz0123456789", 40);
      known.add(KnownValues.of(SecretKind.STORED, "s" + i, value.getBytes(UTF_8)));
    }
    var scanner = new Scanner(new KnownValues(known));
    var small =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"read_file\","
            + "\"arguments\":{\"path\":\"/srv/invoices/2026/11/4711.json\",\"limit\":20},\"_meta\":"
            + "{\"progressToken\":\"0f8fad5b-d9cb-469f-a165-70867728950e\"}}}";
    var record =
        "{\\\"id\\\":\\\"0f8fad5b-d9cb-469f-a165-70867728950e\\\",\\\"customer\\\":\\\"Blue Sky"
            + " GmbH\\\",\\\"amount\\\":1200.50,\\\"note\\\":\\\"second reminder was sent on"
            + " 2026-10-31\\\"},";
    var large =
        "{\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + record.repeat(400) + "\"}]}}";
    var blob = Samples.of(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/", 64_000);
    for (var text : List.of(small, large, blob, prompt(random, 2_000), prompt(random, 200_000))) {
      byte[] bytes = text.getBytes(UTF_8);
      int rounds = 10_000_000 / bytes.length;
      long took = Long.MAX_VALUE;
      for (int i = 0; i < 8; i++) {
        long start = THREADS.getCurrentThreadCpuTime();
        int found = 0;
        for (int k = 0; k < rounds; k++) {
          // As `Inspection.lookAtJson` does.
          byte[] plain = JsonText.unescaped(bytes);
          found += scanner.scan(plain).count();
          byte[] inner = plain.length < bytes.length ? JsonText.unescaped(plain) : plain;
          if (inner.length < plain.length) {
            found += scanner.scan(inner).count();
          }
        }
        took =
            Math.min(
                took, (THREADS.getCurrentThreadCpuTime() - start) / rounds + Math.min(found, 0));
      }
      System.out.printf(
          "%7d bytes: %8d ns, %5d ns for each KB%n",
          bytes.length, took, took * 1024 / bytes.length);
    }
    stream(random, scanner);
  }

  /// A conversation with a model, with line breaks, quotes and some code.
  private static String prompt(Random random, int length) {
    var text = new StringBuilder("{\"model\":\"clerk-1\",\"messages\":[");
    while (text.length() < length) {
      text.append(text.charAt(text.length() - 1) == '[' ? "" : ",")
          .append("{\"role\":\"user\",\"content\":\"");
      for (int i = 0; i < 60; i++) {
        text.append(Samples.of(random, "eeettaaoinshrdlucmfwypvbgkqjxz", 1 + random.nextInt(9)))
            .append(i % 12 == 11 ? ".\\n" : i % 20 == 19 ? " \\\"so\\\" " : " ");
      }
      text.append("for (int i = 0; i < n; i++) {\\n  total += rows.get(i).amount();\\n}\"}");
    }
    return text.append("]}").toString();
  }

  /// What a token of a streamed answer costs.
  private static void stream(Random random, Scanner scanner) {
    var tokens = new ArrayList<String>();
    for (int i = 0; i < 1_000; i++) {
      tokens.add(" " + Samples.of(random, "eeettaaoinshrdlucmfwypvbgkqjxz", 1 + random.nextInt(9)));
    }
    long took = Long.MAX_VALUE;
    for (int i = 0; i < 200; i++) {
      var watch = new Watch(scanner, Set.of(SecretKind.values()));
      long start = THREADS.getCurrentThreadCpuTime();
      int length = 0;
      for (var token : tokens) {
        length += watch.next(token).length();
      }
      length += watch.end().length();
      long each = (THREADS.getCurrentThreadCpuTime() - start) / tokens.size();
      took = Math.min(took, each + Math.min(length, 0));
    }
    System.out.printf("each token of a stream: %d ns%n", took);
  }
}
