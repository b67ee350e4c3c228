package dev.remit.conformance.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a server over standard input and output lists as its tools, exactly as it writes them: what
/// a reviewer would pin.
public final class StdioToolList {
  private static final List<String> MESSAGES =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
              + "\"2025-11-25\",\"capabilities\":{},"
              + "\"clientInfo\":{\"name\":\"reviewer\",\"version\":\"1\"}}}",
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\",\"params\":{}}");

  private StdioToolList() {}

  /// Starts the server, asks, and ends it.
  public static List<JsonNode> of(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (var in = process.outputWriter(StandardCharsets.UTF_8);
          var out =
              new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (var message : MESSAGES) {
          in.write(message + "\n");
        }
        in.flush();
        return list(out);
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("list the tools of " + command, e);
    }
  }

  private static List<JsonNode> list(BufferedReader out) throws IOException {
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      var message = JsonMapper.shared().readTree(line);
      if (message.path("id").asInt(0) == 2) {
        return StreamSupport.stream(message.at("/result/tools").spliterator(), false).toList();
      }
    }
    throw new IOException("the server ended before it listed its tools");
  }
}
