package dev.remit.server;

import dev.remit.server.settings.SettingsReader;
import dev.remit.server.settings.SettingsWrong;
import dev.remit.server.settings.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a [Config] comes from: options over the file over the defaults.
final class ConfigSource {
  static final String USAGE =
      """
      usage: remit serve [options]

        --data DIR            keys and data (default ./data)
        --listen HOST:PORT    address to listen on (default 127.0.0.1:8480; port 0: any free one)
        --public-url URL      how callers reach the server (default http://HOST:PORT)
        --database-url URL    JDBC URL of a PostgreSQL 15 or newer instead of the private one
        --config FILE         settings (default DIR/remit.yaml if it exists)
        --help                this text

      Secrets come from the environment: REMIT_DATABASE_PASSWORD, REMIT_MASTER_KEY, REMIT_EXPORT_…,
      REMIT_VAULT_TOKEN, REMIT_SECRET_….
      Every setting: docs/reference/configuration.md
      """;

  private static final Map<String, String> PATHS =
      Map.of(
          "--data", "data",
          "--listen", "listen",
          "--public-url", "publicUrl",
          "--database-url", "database.url");

  private ConfigSource() {}

  /// @throws SettingsWrong when an option or the file is wrong
  static Config read(List<String> arguments) {
    var options = options(arguments);
    var file = options.remove("--config");
    var overrides = new LinkedHashMap<String, String>();
    options.forEach((option, value) -> overrides.put(PATHS.getOrDefault(option, option), value));
    return SettingsReader.read(Config.class, yaml(file, overrides), overrides);
  }

  private static Map<String, String> options(List<String> arguments) {
    var options = new LinkedHashMap<String, String>();
    var left = arguments.iterator();
    while (left.hasNext()) {
      var argument = left.next();
      int equals = argument.indexOf('=');
      var name = equals < 0 ? argument : argument.substring(0, equals);
      if (!PATHS.containsKey(name) && !name.equals("--config")) {
        throw wrong("unknown option `" + name + "`");
      }
      if (equals < 0 && !left.hasNext()) {
        throw wrong("`" + name + "` needs a value");
      }
      options.put(name, equals < 0 ? left.next() : argument.substring(equals + 1));
    }
    return options;
  }

  private static Yaml.Branch yaml(@Nullable String file, Map<String, String> overrides) {
    if (file != null) {
      return Yaml.read(Path.of(file));
    }
    var usual = Path.of(overrides.getOrDefault("data", "data")).resolve("remit.yaml");
    return Files.exists(usual) ? Yaml.read(usual) : Yaml.empty();
  }

  private static SettingsWrong wrong(String mistake) {
    return new SettingsWrong(List.of(mistake + "; see `remit serve --help`"));
  }
}
