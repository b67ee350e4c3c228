package dev.remit.server.registry;

import static dev.remit.server.registry.DeclaredReader.text;

import dev.remit.kernel.identity.Word;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reads a stored `upstream.http`.
final class HttpReader {
  private HttpReader() {}

  static Upstream.Http http(JsonNode http) {
    return new Upstream.Http(
        URI.create(text(http, "url")),
        DeclaredReader.settings(http.get("headers")),
        http.has("query") ? DeclaredReader.settings(http.get("query")) : Map.of(),
        http.has("auth") ? auth(http.get("auth")) : new HttpAuth.None(),
        http.has("reveals") ? reveals(http.get("reveals")) : Map.of());
  }

  /// What stands before `/v1/`, whether it was written with that or without.
  static Upstream.Models models(JsonNode models) {
    return new Upstream.Models(
        URI.create(text(models, "url").replaceFirst("/+(v1/*)?$", "")),
        models
            .get("dialects")
            .valueStream()
            .map(word -> Word.parse(Upstream.Dialect.class, word.stringValue()))
            .collect(Collectors.toUnmodifiableSet()),
        DeclaredReader.settings(models.get("headers")),
        models.has("query") ? DeclaredReader.settings(models.get("query")) : Map.of(),
        models.has("auth") ? auth(models.get("auth")) : new HttpAuth.None());
  }

  private static Map<String, String> reveals(JsonNode reveals) {
    return reveals
        .propertyStream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, entry -> text(entry.getValue(), "secret")));
  }

  private static HttpAuth auth(JsonNode auth) {
    var basic = auth.get("basic");
    if (basic != null) {
      return new HttpAuth.Basic(text(basic, "user"), secret(basic, "password"));
    }
    var fetched = auth.get("oauthClientCredentials");
    if (fetched != null) {
      return new HttpAuth.ClientCredentials(
          URI.create(text(fetched, "tokenUrl")),
          client(fetched.get("client")),
          scopes(fetched),
          maybe(fetched, "audience"),
          maybe(fetched, "resource"),
          maybe(fetched, "revokeUrl").map(URI::create),
          Word.parse(HttpAuth.Per.class, text(fetched, "per")));
    }
    var refreshed = auth.get("oauthRefreshToken");
    if (refreshed != null) {
      return new HttpAuth.RefreshToken(
          URI.create(text(refreshed, "tokenUrl")),
          client(refreshed.get("client")),
          scopes(refreshed),
          secret(refreshed, "refreshToken"));
    }
    var aws = auth.get("awsSigV4");
    return new HttpAuth.AwsSigV4(
        text(aws, "region"),
        text(aws, "service"),
        secret(aws, "accessKeyId"),
        secret(aws, "secretAccessKey"),
        aws.has("sessionToken") ? Optional.of(secret(aws, "sessionToken")) : Optional.empty());
  }

  private static HttpAuth.OAuthClient client(JsonNode client) {
    return new HttpAuth.OAuthClient(
        text(client, "id"),
        Word.parse(HttpAuth.Method.class, text(client, "method")),
        client.has("secret") ? Optional.of(secret(client, "secret")) : Optional.empty());
  }

  private static List<String> scopes(JsonNode object) {
    return object.get("scopes").valueStream().map(JsonNode::stringValue).toList();
  }

  private static Optional<String> maybe(JsonNode object, String name) {
    return object.has(name) ? Optional.of(text(object, name)) : Optional.empty();
  }

  private static String secret(JsonNode object, String name) {
    return text(object.get(name), "secret");
  }
}
