package dev.remit.server.lending.postgres;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.registry.Upstream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// How a database is reached to make and drop roles in it.
///
/// @param secret the name under which the administrator's password is stored
public record Place(
    String host, int port, String database, String administrator, String secret, Upstream.Tls tls) {

  public static Place of(Upstream.Database declared) {
    return new Place(
        declared.host(),
        declared.port(),
        declared.database(),
        declared.administrator(),
        declared.secret(),
        declared.tls());
  }

  /// Where it is, whoever goes there.
  @Override
  public String toString() {
    var literal = host.contains(":") ? "[" + host + "]" : host;
    return literal + ":" + port + "/" + database;
  }

  /// Eight characters that tell this place from others.
  String mark() {
    var digest = Digest.of(toString()).value();
    return digest.substring(digest.length() - 8);
  }

  String url(String other) {
    var literal = host.contains(":") ? "[" + host + "]" : host;
    return "jdbc:postgresql://" + literal + ":" + port + "/" + encoded(other);
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
