package dev.remit.cli.init;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A server as Remit will reach it: placeholders filled in, secrets told from settings.
sealed interface Upstream {

  /// Environment variables or headers.
  Map<String, Setting> settings();

  default Stream<Setting.Secret> secrets() {
    return settings().values().stream()
        .flatMap(setting ->
            switch (setting) {
              case Setting.Secret secret -> Stream.of(secret);
              case Setting.Plain _ -> Stream.empty();
            });
  }

  record Stdio(
      String command, List<String> args, Map<String, Setting> settings, Optional<String> cwd)
      implements Upstream {
    public Stdio {
      args = List.copyOf(args);
    }
  }

  record Http(URI url, Map<String, Setting> settings) implements Upstream {}
}
