package dev.remit.server.signin;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the document in which a client says who it is.
///
/// Source: draft-ietf-oauth-client-id-metadata-document-00, section 4; members of RFC 7591.
final class ClientMetadata {
  private static final int REDIRECTS_MAX = 32;
  private static final int NAME_CHARS_MAX = 100;
  private static final Set<String> NO_PROGRAM =
      Set.of("javascript", "data", "vbscript", "file", "blob", "about", "http", "ws", "wss", "ftp");
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ClientMetadata() {}

  sealed interface Read {
    record Of(Client client) implements Read {}

    /// It says nothing that can be used.
    ///
    /// @param why in words for the client's developer
    record Unusable(String why) implements Read {}
  }

  /// Reads what lies at `id`.
  static Read read(URI id, byte[] document) {
    try {
      var json = STRICT.readTree(document);
      return json == null || !json.isObject()
          ? new Read.Unusable("its metadata is not a JSON object")
          : read(id, json);
    } catch (JacksonException e) {
      return new Read.Unusable("its metadata is not JSON");
    }
  }

  private static Read read(URI id, JsonNode json) {
    if (!id.toString().equals(json.path("client_id").asString(""))) {
      return new Read.Unusable("its metadata names another `client_id` than its own address");
    }
    if (json.has("client_secret")
        || !json.path("token_endpoint_auth_method").asString("none").equals("none")) {
      return new Read.Unusable(
          "its metadata wants the client to authenticate; `token_endpoint_auth_method` must be"
              + " `none`");
    }
    if (!isListed(json, "grant_types", "authorization_code")
        || !isListed(json, "response_types", "code")) {
      return new Read.Unusable(
          "its metadata does not list the grant type `authorization_code` with the response type"
              + " `code`");
    }
    var redirects = redirects(json.path("redirect_uris"));
    if (redirects.isEmpty()) {
      return new Read.Unusable(
          "its `redirect_uris` are not 1 to "
              + REDIRECTS_MAX
              + " addresses, each https, http on loopback, or of a scheme of its own");
    }
    var name = Optional.of(json.path("client_name").asString("").strip());
    return new Read.Of(
        new Client(
            id, name.filter(one -> !one.isEmpty()).map(ClientMetadata::shortened), redirects));
  }

  private static boolean isListed(JsonNode json, String list, String value) {
    var values = json.path(list);
    return values.isMissingNode()
        || values.valueStream().anyMatch(one -> one.asString("").equals(value));
  }

  private static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= NAME_CHARS_MAX
        ? name
        : name.substring(0, name.offsetByCodePoints(0, NAME_CHARS_MAX)) + "…";
  }

  private static List<String> redirects(JsonNode list) {
    var redirects = new ArrayList<String>();
    for (var one : list) {
      if (!isRedirect(one.asString("")) || redirects.size() == REDIRECTS_MAX) {
        return List.of();
      }
      redirects.add(one.asString(""));
    }
    return redirects;
  }

  private static boolean isRedirect(String text) {
    try {
      var uri = URI.create(text);
      if (uri.getScheme() == null || text.contains("#") || text.length() > 2_000) {
        return false;
      }
      var scheme = uri.getScheme();
      return Addresses.isHttps(uri)
          || Addresses.isHere(uri)
          || (!scheme.equals("https")
              && scheme.equals(scheme.toLowerCase(Locale.ROOT))
              && !NO_PROGRAM.contains(scheme));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
