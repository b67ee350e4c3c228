package dev.remit.server.gateway.upstream;

import dev.remit.server.credentials.SecretName;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.registry.Upstream;
import dev.remit.server.registry.Upstream.Setting;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The environment a child process gets: a short list of harmless variables, and what its manifest
/// declares. Nothing else of ours, in particular none of our secrets.
final class ChildEnvironment {
  private static final Set<String> INHERITED =
      Set.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "USER", "LOGNAME");

  private ChildEnvironment() {}

  /// Returns the variables, with secrets opened now.
  ///
  /// @param ours the environment of this process
  static Map<String, String> of(Upstream.Stdio declared, Secrets secrets, Map<String, String> ours)
      throws UpstreamFailure {
    var environment = new HashMap<String, String>();
    for (var name : INHERITED) {
      var value = ours.get(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    try {
      for (var variable : declared.env().entrySet()) {
        environment.put(variable.getKey(), value(variable.getValue(), secrets));
      }
    } catch (SecretUnavailable e) {
      throw new UpstreamFailure(Kind.UNREACHABLE, String.valueOf(e.getMessage()), null);
    }
    return environment;
  }

  private static String value(Setting setting, Secrets secrets) {
    return switch (setting) {
      case Setting.Plain(var value) -> value;
      case Setting.Secret(var name) -> secrets.needed(new SecretName(name)).reveal();
    };
  }
}
