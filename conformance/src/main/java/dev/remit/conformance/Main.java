package dev.remit.conformance;

import dev.remit.conformance.node.NodeTools;
import dev.remit.conformance.runner.ConformanceReport;
import dev.remit.conformance.tour.Tour;
import java.util.Arrays;

/// What the launcher runs for `tour`, `bench` and `conformance`.
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    var rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
    int status =
        switch (args.length == 0 ? "" : args[0]) {
          case "tour" -> tour();
          case "conformance" -> conformance();
          case "bench" -> dev.remit.conformance.bench.Bench.run(rest, System.out, System.err);
          default -> usage();
        };
    System.exit(status);
  }

  private static int tour() {
    var broken = Tour.tell(System.out);
    System.out.println();
    if (broken.isEmpty()) {
      System.out.println("Everything went as told. Next: README.md, «Your own agent».");
      return 0;
    }
    System.out.println("This did not go as told:");
    broken.forEach(claim -> System.out.println("  " + claim));
    return 1;
  }

  private static int conformance() {
    return switch (NodeTools.prepare()) {
      case NodeTools.Missing(var why) -> {
        System.err.println("remit: the conformance runner cannot be run: " + why);
        yield 1;
      }
      case NodeTools.Ready node -> ConformanceReport.write(node, System.out);
    };
  }

  private static int usage() {
    System.err.println("usage: remit tour | remit bench NAME… [-o json] | remit conformance");
    return 2;
  }
}
