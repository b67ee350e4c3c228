package dev.remit.conformance.bench;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The CPU time that processes have used so far, with or without their children.
///
/// Remit's database is one of its children, so there they count. A child that ended in between is
/// lost from the sum, so measure over a time in which none ends.
record ProcessCpu(List<ProcessHandle> roots, boolean withChildren) {

  ProcessCpu {
    roots = List.copyOf(roots);
  }

  static ProcessCpu none() {
    return new ProcessCpu(List.of(), false);
  }

  static ProcessCpu of(Process process) {
    return new ProcessCpu(List.of(process.toHandle()), true);
  }

  static ProcessCpu alone(Process process) {
    return alone(process.toHandle());
  }

  static ProcessCpu alone(ProcessHandle process) {
    return new ProcessCpu(List.of(process), false);
  }

  /// The same without the children's part.
  ProcessCpu alone() {
    return new ProcessCpu(roots, false);
  }

  /// Returns the sum in microseconds.
  double micros() {
    return roots.stream()
        .flatMap(root ->
            withChildren ? Stream.concat(Stream.of(root), root.descendants()) : Stream.of(root))
        .distinct()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToDouble(used -> used.toNanos() / 1e3)
        .sum();
  }
}
