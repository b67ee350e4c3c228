package dev.remit.cli.init;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One MCP server as the client's file names it.
sealed interface ConfiguredServer {

  /// The name the client knows it by.
  String name();

  /// Started by the client as a child process.
  ///
  /// @param cwd where the client starts it, if it says so
  record Stdio(
      String name, String command, List<String> args, Map<String, String> env, Optional<String> cwd)
      implements ConfiguredServer {
    public Stdio {
      args = List.copyOf(args);
      env = Map.copyOf(env);
    }
  }

  /// Reached by the client over Streamable HTTP.
  record Http(String name, String url, Map<String, String> headers) implements ConfiguredServer {
    public Http {
      headers = Map.copyOf(headers);
    }
  }

  /// Goes through `remit connect` already.
  record Governed(String name) implements ConfiguredServer {}

  /// Cannot be brought under Remit as it is.
  record Unusable(String name, String why) implements ConfiguredServer {}
}
