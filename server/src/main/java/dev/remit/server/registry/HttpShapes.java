package dev.remit.server.registry;

import static dev.remit.server.registry.shape.Field.fallback;
import static dev.remit.server.registry.shape.Field.optional;
import static dev.remit.server.registry.shape.Field.required;

import dev.remit.server.registry.shape.Field;
import dev.remit.server.registry.shape.Shape;
import dev.remit.server.registry.shape.Shape.Choice;
import dev.remit.server.registry.shape.Shape.Fields;
import dev.remit.server.registry.shape.Shape.ListOf;
import dev.remit.server.registry.shape.Shape.MapOf;
import dev.remit.server.registry.shape.Shape.Text;
import java.net.URI;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;

/// The form of `upstream.http` and of `upstream.models`, and of how Remit says there who is
/// calling.
final class HttpShapes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Shape setting;
  private final Fields secret;

  private HttpShapes(Shape setting, Text secretName) {
    this.setting = setting;
    this.secret = new Fields(required("secret", secretName, "the secret in Remit's store"));
  }

  /// @param setting text, or the name of a secret
  static Fields of(Shape setting, Text secretName) {
    return new HttpShapes(setting, secretName).http();
  }

  /// The form of `upstream.models`.
  static Fields models(Shape setting, Text secretName) {
    return new HttpShapes(setting, secretName).models();
  }

  private Fields models() {
    return new Fields(
        required(
            "url",
            new Text("an http or https URL", "^https?://[^?#]+$", 1, 2_048, HttpShapes::base),
            "what stands before `/v1/` of its addresses, such as `https://api.openai.com`"),
        required(
            "dialects",
            new Shape.SetOf(
                Shape.word(Upstream.Dialect.class), 1, Upstream.Dialect.values().length),
            "how its models are asked"),
        headers(),
        query(),
        auth());
  }

  private Fields http() {
    return new Fields(
        required(
            "url",
            new Text("an http or https URL", "^https?://", 1, 2_048, ManifestTexts::http),
            "its Streamable HTTP endpoint"),
        headers(),
        query(),
        auth(),
        optional(
            "reveals",
            new MapOf(ManifestTexts.WORD, secret, 16),
            "secrets that an agent may be shown once each, by profile; every time is a finding"));
  }

  private Field headers() {
    return fallback(
        "headers",
        new MapOf(
            new Text(
                "a header's name", "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", 1, 128, ManifestTexts::header),
            setting,
            64),
        JSON.objectNode(),
        "headers added to each request");
  }

  private Field query() {
    return optional(
        "query",
        new MapOf(Shape.text("a parameter's name", 1, 128), setting, 64),
        "parameters added to the URL of each request");
  }

  private Field auth() {
    return optional(
        "auth",
        new Choice(basic(), clientCredentials(), refreshToken(), awsSigV4()),
        "how Remit says who is calling, where a header that is simply set will not do");
  }

  private Field basic() {
    return required(
        "basic",
        new Fields(
            required(
                "user",
                new Text(
                    "a user's name without a colon",
                    "^[^:\\u0000-\\u001f]+$",
                    1,
                    255,
                    HttpShapes::user),
                "the user"),
            required("password", secret, "their password")),
        "a user and a password in a header, RFC 7617");
  }

  private Field clientCredentials() {
    return required(
        "oauthClientCredentials",
        new Fields(
            required("tokenUrl", endpoint(), "the token endpoint"),
            required("client", client(), "who asks there"),
            fallback("scopes", scopes(), JSON.arrayNode(), "what is asked for"),
            optional("audience", Shape.text("text", 1, 2_048), "for whom, as `audience`"),
            optional(
                "resource", Shape.text("text", 1, 2_048), "for whom, as `resource` (RFC 8707)"),
            optional("revokeUrl", endpoint(), "where a token is given back, RFC 7009"),
            fallback(
                "per",
                Shape.word(HttpAuth.Per.class),
                JSON.stringNode("resource"),
                "one token for all who may call, or one for each task, given back when it ends")),
        "an access token that Remit fetches for itself, RFC 6749 section 4.4");
  }

  private Field refreshToken() {
    return required(
        "oauthRefreshToken",
        new Fields(
            required("tokenUrl", endpoint(), "the token endpoint"),
            required("client", client(), "who asks there"),
            fallback("scopes", scopes(), JSON.arrayNode(), "what is asked for"),
            required(
                "refreshToken",
                secret,
                "the refresh token; Remit stores the next one when the server gives one")),
        "an access token for a refresh token that a person has obtained, RFC 6749 section 6");
  }

  private Field awsSigV4() {
    return required(
        "awsSigV4",
        new Fields(
            required("region", name("an AWS region"), "such as `eu-central-1`"),
            required("service", name("an AWS service"), "as signatures name it: `execute-api`"),
            required("accessKeyId", secret, "the id of the access key"),
            required("secretAccessKey", secret, "the access key"),
            optional("sessionToken", secret, "of temporary keys")),
        "each request is signed for AWS, Signature Version 4");
  }

  private Fields client() {
    return new Fields(
        required("id", Shape.text("a client's id", 1, 512), "its `client_id`"),
        fallback(
            "method",
            Shape.word(HttpAuth.Method.class),
            JSON.stringNode("client_secret_basic"),
            "how it proves itself"),
        optional("secret", secret, "its secret, or its private key as a JSON Web Key"));
  }

  private static ListOf scopes() {
    return new ListOf(new Text("a scope", "^[!#-\\[\\]-~]+$", 1, 255, HttpShapes::scope), 0, 64);
  }

  private static Text endpoint() {
    return new Text("an https URL", "^https?://", 1, 2_048, HttpShapes::secure);
  }

  private static Text name(String what) {
    return new Text(what, "^[a-z0-9-]+$", 1, 64, HttpShapes::plain);
  }

  private static void user(String text) {
    if (!text.matches("[^:\\x00-\\x1f]+")) {
      throw new IllegalArgumentException("a user's name has no colon and no control characters");
    }
  }

  private static void scope(String text) {
    if (!text.matches("[!#-\\[\\]-~]+")) {
      throw new IllegalArgumentException("a scope has no spaces, quotes or backslashes");
    }
  }

  private static void plain(String text) {
    if (!text.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException(
          "`" + text + "` is not lower-case letters, digits and hyphens");
    }
  }

  private static void base(String text) {
    ManifestTexts.http(text);
    if (text.contains("?") || text.contains("#")) {
      throw new IllegalArgumentException(
          "the address of models has no query: write parameters under `query`");
    }
  }

  /// A client's secret and the token pass there.
  private static void secure(String text) {
    ManifestTexts.http(text);
    var uri = URI.create(text);
    if (!"https".equals(uri.getScheme()) && !LOOPBACK.contains(uri.getHost())) {
      throw new IllegalArgumentException(
          "a token endpoint is reached by https, except on this machine");
    }
    if (uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("a token endpoint has no fragment and no user");
    }
  }
}
