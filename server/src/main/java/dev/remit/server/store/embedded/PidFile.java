package dev.remit.server.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a PostgreSQL server writes about itself into `postmaster.pid`.
///
/// Line 1 is the process, line 8 the state, padded; the file is written line by line, so later
/// lines may be missing while the server starts.
///
/// @param pid process id of the server
/// @param state `starting`, `stopping`, `ready`, `standby`, or empty while unknown
record PidFile(long pid, String state) {

  static Optional<PidFile> read(Path cluster) {
    try {
      return parse(Files.readAllLines(cluster.resolve("postmaster.pid")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("read postmaster.pid in `" + cluster + "`", e);
    }
  }

  static Optional<PidFile> parse(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,10}")) {
      return Optional.empty();
    }
    var state = lines.size() >= 8 ? lines.get(7).strip() : "";
    return Optional.of(new PidFile(Long.parseLong(lines.getFirst().strip()), state));
  }

  boolean isReady() {
    return state.equals("ready");
  }

  /// The process, if it still runs and its command line shows that it serves `cluster`. A number
  /// that now belongs to some other program, even to another PostgreSQL, is not ours to stop.
  Optional<ProcessHandle> server(Path cluster) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> serves(process.info(), cluster));
  }

  private static boolean serves(ProcessHandle.Info info, Path cluster) {
    var command = info.command().orElse("");
    var arguments = List.of(info.arguments().orElse(new String[0]));
    return command.endsWith("/postgres") && arguments.contains(cluster.toString());
  }
}
