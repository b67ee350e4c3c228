package dev.remit.cli.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;

/// Keeps every receipt the gateway hands out, one JSON object a line, one file per task.
///
/// Whoever holds a receipt can show that the entry was promised; `remit verify FILE` checks them.
/// Members: `at`, `task`, `resource`, `method`, `name` where there is one, and `receipt`.
final class ReceiptLog {
  static final String HEADER = "Remit-Receipt";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path directory;
  private final String resource;

  ReceiptLog(Path directory, String resource) {
    this.directory = directory;
    this.resource = resource;
  }

  Path file(String task) {
    return directory.resolve(task + ".jsonl");
  }

  /// Appends one receipt.
  ///
  /// @param name the tool, prompt or resource that was asked for; may be empty
  synchronized void keep(String task, String method, String name, String receipt, Instant now) {
    var line = JSON.createObjectNode();
    line.put("at", now.toString()).put("task", task);
    line.put("resource", resource).put("method", method);
    if (!name.isEmpty()) {
      line.put("name", name);
    }
    line.put("receipt", receipt);
    try {
      Files.createDirectories(directory);
      Files.write(
          file(task),
          (line + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep a receipt in " + directory, e);
    }
  }
}
