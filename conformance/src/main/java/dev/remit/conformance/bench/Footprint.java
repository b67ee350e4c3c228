package dev.remit.conformance.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a process has of the machine, as Linux says it.
///
/// @param threads of the operating system
/// @param residentMiB memory that is really there
/// @param peakMiB the most that ever was
record Footprint(int threads, long residentMiB, long peakMiB) {

  static Footprint of(Process process) throws IOException {
    var lines = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"));
    return new Footprint(
        (int) number(lines, "Threads:"),
        number(lines, "VmRSS:") / 1024,
        number(lines, "VmHWM:") / 1024);
  }

  private static long number(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
