package dev.remit.server.gateway;

import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// From which sites the gateway may be called.
///
/// A web page of a stranger can make a browser call this machine, under the stranger's own name
/// (DNS rebinding) or with the stranger's `Origin`. Accepted are the names of this machine itself,
/// the public address, and what the settings add.
///
/// Source: Model Context Protocol, Streamable HTTP, "Security Warning".
final class Sites {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Set<String> accepted;

  Sites(GatewayConfig config) {
    var sites = new HashSet<String>(config.sites());
    sites.add(authority(config.publicUrl()));
    this.accepted = Set.copyOf(sites);
  }

  Optional<Refusal> foreign(Inbound in) {
    var host = in.header("host");
    if (!isAccepted(host)) {
      return Optional.of(new Refusal.ForeignSite("Host", shortened(host)));
    }
    var origin = in.header("origin");
    return origin.isEmpty() || isAccepted(siteOf(origin))
        ? Optional.empty()
        : Optional.of(new Refusal.ForeignSite("Origin", shortened(origin)));
  }

  private boolean isAccepted(String site) {
    var name = site.toLowerCase(Locale.ROOT);
    return accepted.contains(name) || LOOPBACK.contains(withoutPort(name));
  }

  private static String siteOf(String origin) {
    for (var scheme : Set.of("http://", "https://")) {
      if (origin.startsWith(scheme)) {
        return origin.substring(scheme.length());
      }
    }
    return "";
  }

  private static String withoutPort(String site) {
    int colon = site.lastIndexOf(':');
    return colon > site.lastIndexOf(']') ? site.substring(0, colon) : site;
  }

  private static String authority(URI url) {
    return String.valueOf(url.getRawAuthority()).toLowerCase(Locale.ROOT);
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200);
  }
}
