package dev.remit.server.registry;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How a resource is reached.
public sealed interface Upstream {

  /// Digest of how it is reached; two declarations that lead to the same place have the same.
  default Digest digest() {
    return CanonicalJson.digest(
        switch (this) {
          case Stdio(var command, var args, var env, var cwd) -> {
            var json = JsonMapper.shared().createObjectNode().put("command", command);
            args.forEach(json.putArray("args")::add);
            cwd.ifPresent(directory -> json.put("cwd", directory));
            yield described(json, env);
          }
          case Http(var url, var headers) ->
              described(JsonMapper.shared().createObjectNode().put("url", url.toString()), headers);
        });
  }

  private static ObjectNode described(ObjectNode json, Map<String, Setting> settings) {
    var all = json.putObject("settings");
    settings.forEach((name, setting) -> {
      switch (setting) {
        case Setting.Plain(var value) -> all.putObject(name).put("value", value);
        case Setting.Secret(var secret) -> all.putObject(name).put("secret", secret);
      }
    });
    return json;
  }

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
