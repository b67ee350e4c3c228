package dev.remit.cli.init;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// A connection to one MCP server, for asking what it offers.
interface Wire extends AutoCloseable {

  /// Sends a request and waits for its answer.
  ///
  /// @param params may be an empty object
  /// @return the whole answer, with `result` or `error`
  /// @throws IOException if there is none, saying why
  JsonNode ask(String method, JsonNode params) throws IOException;

  /// Sends a notification without parameters.
  void tell(String method) throws IOException;

  /// Notes the version agreed on.
  void agreed(String version);

  @Override
  void close();
}
