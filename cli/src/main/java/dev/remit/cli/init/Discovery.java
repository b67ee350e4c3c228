package dev.remit.cli.init;

import dev.remit.cli.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Starts each configured server once and asks what it offers.
final class Discovery {
  private final Terminal terminal;
  private final Optional<Path> project;
  private final Duration patience;
  private final Set<String> taken = new HashSet<>();

  Discovery(Terminal terminal, Optional<Path> project, Duration patience) {
    this.terminal = terminal;
    this.project = project;
    this.patience = patience;
  }

  List<Found> all(List<ConfiguredServer> servers) {
    return servers.stream().map(this::one).toList();
  }

  private Found one(ConfiguredServer server) {
    var unmixing = new Unmixing(label(server.name()), new Placeholders(terminal, project), project);
    try {
      return switch (server) {
        case ConfiguredServer.Governed(var name) -> new Found.Governed(name);
        case ConfiguredServer.Unusable(var name, var why) -> new Found.LeftAlone(name, why);
        case ConfiguredServer.Stdio stdio -> listed(server.name(), unmixing.stdio(stdio));
        case ConfiguredServer.Http http -> listed(server.name(), unmixing.http(http));
      };
    } catch (Placeholders.Unknown | IllegalArgumentException e) {
      return new Found.LeftAlone(server.name(), String.valueOf(e.getMessage()));
    }
  }

  private Found listed(String name, Upstream upstream) {
    terminal.err().println("  " + name + " …");
    try (var wire = wire(upstream)) {
      return new Found.Listed(name, freeLabel(name), upstream, Listing.of(wire));
    } catch (IOException e) {
      return new Found.LeftAlone(name, String.valueOf(e.getMessage()));
    }
  }

  private Wire wire(Upstream upstream) throws IOException {
    return switch (upstream) {
      case Upstream.Stdio stdio -> StdioWire.start(stdio, terminal, patience);
      case Upstream.Http http -> new HttpWire(http, patience);
    };
  }

  private String freeLabel(String name) {
    var label = label(name);
    if (!taken.add(label)) {
      throw new IllegalArgumentException(
          "another server is called `" + label + "` too; give one of them another name");
    }
    return label;
  }

  /// Returns `name` as Remit writes names: lower-case letters, digits and inner hyphens.
  static String label(String name) {
    var label =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    var short63 = label.length() > 63 ? label.substring(0, 63).replaceAll("-+$", "") : label;
    return short63.isEmpty() ? "server" : short63;
  }
}
