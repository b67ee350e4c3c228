package dev.remit.conformance.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The CPU time that processes and all their children have used so far.
///
/// Children count because Remit's database is one of its children. A child that ended in between is
/// lost from the sum, so measure over a time in which none ends.
record ProcessCpu(List<ProcessHandle> roots) {

  ProcessCpu {
    roots = List.copyOf(roots);
  }

  static ProcessCpu of(Process... processes) {
    return new ProcessCpu(Stream.of(processes).map(Process::toHandle).toList());
  }

  /// Returns the sum in microseconds.
  double micros() {
    return roots.stream()
        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
        .distinct()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToDouble(used -> used.toNanos() / 1e3)
        .sum();
  }

  /// Returns the sum in microseconds without the children's part.
  double microsAlone() {
    return roots.stream()
        .mapToDouble(root -> root.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e3)
        .sum();
  }
}
