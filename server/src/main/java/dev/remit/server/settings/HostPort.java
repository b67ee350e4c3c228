package dev.remit.server.settings;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Where a server listens, written `127.0.0.1:8480`, `localhost:8480` or `[::1]:8480`.
///
/// @param host name or address, an IPv6 address without its brackets
/// @param port 0 to 65535; 0 asks for any free port
public record HostPort(String host, int port) {

  public HostPort {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65535, not " + port);
    }
  }

  public static HostPort parse(String text) {
    var uri = parsed(text);
    if (uri == null || uri.getHost() == null || uri.getPort() < 0) {
      throw new IllegalArgumentException("an address is written like `127.0.0.1:8480`");
    }
    return new HostPort(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort());
  }

  private static @Nullable URI parsed(String text) {
    try {
      return URI.create("http://" + text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
