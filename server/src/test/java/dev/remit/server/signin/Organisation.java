package dev.remit.server.signin;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// An organisation's OpenID Connect provider on this machine: it signs, it checks PKCE and who the
/// client is, and it can be told to lie.
final class Organisation implements AutoCloseable {
  static final String CLIENT = "remit-at-example";
  static final String SECRET = "a secret: of 100 %";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final Supplier<Instant> clock;
  private final ECKey key = key("key-1");
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  volatile UnaryOperator<ObjectNode> claims = json -> json;
  volatile ECKey signsWith = key;
  volatile boolean sendsIssuer = true;
  volatile String lastClientAuthentication = "";

  /// Where a client that signs publishes its keys, when it does.
  volatile Supplier<JWKSet> clientKeys = () -> new JWKSet();

  Organisation(Supplier<Instant> clock) {
    this.clock = clock;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("start an identity provider", e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/.well-known/openid-configuration", x -> answer(x, 200, discovery()));
    server.createContext("/keys", x -> answer(x, 200, new JWKSet(key.toPublicJWK()).toString()));
    server.createContext("/token", this::token);
    server.start();
  }

  URI issuer() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private String discovery() {
    return """
    {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
     "jwks_uri": "%1$s/keys", "authorization_response_iss_parameter_supported": %2$s}
    """
        .formatted(issuer(), sendsIssuer);
  }

  /// Signs a person in who was sent to `there`, and returns what their browser brings back.
  Map<String, String> signIn(URI there, String subject, String email) {
    var asked = new java.util.LinkedHashMap<>(Addresses.parsed(there.getRawQuery()));
    var code = Browser.random();
    asked.put("subject", subject);
    asked.put("email", email);
    codes.put(code, asked);
    var answer = new java.util.LinkedHashMap<String, String>();
    answer.put("code", code);
    answer.put("state", String.valueOf(asked.get("state")));
    if (sendsIssuer) {
      answer.put("iss", issuer().toString());
    }
    return answer;
  }

  private void token(HttpExchange exchange) throws IOException {
    var form =
        Addresses.parsed(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    var asked = codes.remove(form.getOrDefault("code", ""));
    boolean right =
        asked != null
            && isClient(exchange, form)
            && form.getOrDefault("redirect_uri", "").equals(asked.get("redirect_uri"))
            && SignInWorld.Pkce.of(form.getOrDefault("code_verifier", ""))
                .challenge()
                .equals(asked.get("code_challenge"));
    if (!right || asked == null) {
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
      return;
    }
    var said = JSON.createObjectNode();
    said.put("iss", issuer().toString()).put("aud", CLIENT).put("nonce", asked.get("nonce"));
    said.put("sub", asked.get("subject")).put("email", asked.get("email"));
    said.put("email_verified", true);
    said.put("iat", clock.get().getEpochSecond());
    said.put("exp", clock.get().plusSeconds(300).getEpochSecond());
    var answer = JSON.createObjectNode().put("token_type", "Bearer").put("access_token", "a");
    answer.put("id_token", signed(claims.apply(said)));
    answer(exchange, 200, answer.toString());
  }

  private boolean isClient(HttpExchange exchange, Map<String, String> form) {
    var basic = exchange.getRequestHeaders().getFirst("Authorization");
    if (basic != null) {
      lastClientAuthentication = "client_secret_basic";
      var pair =
          new String(
              Base64.getDecoder().decode(basic.substring("Basic ".length())),
              StandardCharsets.UTF_8);
      var parsed = Addresses.parsed(pair.replaceFirst(":", "="));
      return SECRET.equals(parsed.get(CLIENT));
    }
    lastClientAuthentication = "private_key_jwt";
    try {
      var jws = JWSObject.parse(form.getOrDefault("client_assertion", ""));
      var published = clientKeys.get().getKeyByKeyId(jws.getHeader().getKeyID());
      var said = JSON.readTree(jws.getPayload().toBytes());
      return published != null
          && jws.verify(new ECDSAVerifier(published.toECKey()))
          && said.path("iss").asString("").equals(CLIENT)
          && said.path("sub").asString("").equals(CLIENT)
          && said.path("aud").asString("").equals(issuer().toString());
    } catch (ParseException | JOSEException e) {
      return false;
    }
  }

  private String signed(ObjectNode json) {
    try {
      var jws =
          new JWSObject(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(signsWith.getKeyID()).build(),
              new Payload(json.toString()));
      jws.sign(new ECDSASigner(signsWith));
      return jws.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey key(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
