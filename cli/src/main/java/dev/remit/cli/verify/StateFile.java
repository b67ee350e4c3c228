package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.RemitClient;
import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.state.StateRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/// The rows of a server's state, downloaded: a line that says how long each log was when they were
/// read, a line for each row, and a line that says how many there are.
///
/// Source: `docs/formats/state.md`.
final class StateFile {
  /// The server reads all its rows before it begins to answer.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String BROKEN_OFF = "the server's state broke off before its end";
  private static final String AGAIN = "look at the server's log, and ask again";

  private final Path file;

  private StateFile(Path file) {
    this.file = file;
  }

  static StateFile download(RemitClient server, Path file) {
    server.download("/v1/ledger/state", file, PATIENCE);
    return new StateFile(file);
  }

  /// A log as it was when the rows were read.
  ///
  /// @param name under which the server serves it
  record Log(String name, String origin, long size) {}

  /// Returns every log.
  List<Log> logs() {
    try (var lines = Files.lines(file)) {
      var logs = new ArrayList<Log>();
      for (var log : CanonicalJson.parse(lines.findFirst().orElse("")).path("logs")) {
        logs.add(
            new Log(
                log.path("name").asString(""),
                log.path("origin").asString(""),
                log.path("size").asLong(0)));
      }
      return logs;
    } catch (IOException e) {
      throw unreadable(e);
    } catch (JacksonException e) {
      throw brokenOff(e);
    }
  }

  /// Hands over every row.
  void rows(Consumer<StateRow> each) {
    long rows = 0;
    try (var lines = Files.newBufferedReader(file)) {
      lines.readLine();
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("{\"rows\":" + rows + "}")) {
          return;
        }
        each.accept(StateRow.parse(line));
        rows++;
      }
    } catch (IOException e) {
      throw unreadable(e);
    } catch (IllegalArgumentException e) {
      throw brokenOff(e);
    }
    throw new CommandFailed(BROKEN_OFF, AGAIN);
  }

  private static UncheckedIOException unreadable(IOException e) {
    return new UncheckedIOException("cannot read the state that was downloaded", e);
  }

  private static CommandFailed brokenOff(Exception cause) {
    return new CommandFailed(BROKEN_OFF, AGAIN, cause);
  }
}
