package dev.remit.server.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a resource is reached.
public sealed interface Upstream {

  /// A child process that speaks over its standard streams.
  ///
  /// @param env exactly the environment it gets, beyond `PATH` and its like
  /// @param cwd where it runs; the server's own scratch directory when empty
  record Stdio(String command, List<String> args, Map<String, Setting> env, Optional<String> cwd)
      implements Upstream {
    public Stdio {
      args = List.copyOf(args);
      env = Map.copyOf(env);
    }
  }

  /// A Streamable HTTP endpoint.
  record Http(URI url, Map<String, Setting> headers) implements Upstream {
    public Http {
      headers = Map.copyOf(headers);
    }
  }

  /// The value of an environment variable or header.
  sealed interface Setting {

    /// Written in the manifest; nothing confidential.
    record Plain(String value) implements Setting {}

    /// Kept in Remit's encrypted store under this name and fetched for each use.
    record Secret(String name) implements Setting {}
  }
}
