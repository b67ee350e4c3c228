package dev.remit.server.signin;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What may be said of the addresses that browsers are sent to.
final class Addresses {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private Addresses() {}

  static boolean isHttps(URI uri) {
    return "https".equals(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null;
  }

  /// Whether it is a program on the browser's own machine (RFC 8252, section 7.3).
  static boolean isHere(URI uri) {
    return "http".equals(uri.getScheme())
        && uri.getHost() != null
        && uri.getUserInfo() == null
        && LOOPBACK.contains(uri.getHost());
  }

  /// Returns `uri` with more parameters in its query.
  static URI with(URI uri, Map<String, String> parameters) {
    return URI.create(with(uri.toString(), parameters));
  }

  static String with(String uri, Map<String, String> parameters) {
    return uri + (uri.contains("?") ? "&" : "?") + query(parameters);
  }

  static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  /// Reads what [#query] wrote; what is no pair is left out, and of two the last counts.
  static Map<String, String> parsed(String query) {
    var parameters = new LinkedHashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
