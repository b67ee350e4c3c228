package dev.remit.conformance.harness;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A workload with a key of its own: proves who it is and obtains task tokens (RFC 8693).
///
/// @param spiffeId its identity's SPIFFE ID
/// @param key its private key; the manifest holds [the public part][#jwk]
public record Workload(String spiffeId, ECKey key) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String JWT_TYPE = "urn:ietf:params:oauth:token-type:jwt";

  /// Returns a workload with a fresh P-256 key.
  public static Workload fresh(String spiffeId) {
    try {
      return new Workload(spiffeId, new ECKeyGenerator(Curve.P_256).keyID("key-1").generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /// Returns the public key as JSON, fit for a manifest (JSON is YAML).
  public String jwk() {
    return key.toPublicJWK().toJSONString();
  }

  /// Returns a proof that is accepted once: a JWT that this workload signed about itself.
  public String proof(URI issuer, Instant now) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(spiffeId)
            .subject(spiffeId)
            .audience(issuer.toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(60)))
            .jwtID(UUID.randomUUID().toString())
            .build();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(key.getKeyID())
            .build();
    try {
      var jwt = new SignedJWT(header, claims);
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("sign with a fresh P-256 key", e);
    }
  }

  /// Starts a task and returns its token.
  ///
  /// @param resource the resource's name
  /// @param tools full tool names that the task narrows itself to; empty for all granted
  /// @throws IllegalStateException with the server's answer, if it refuses
  public TaskToken start(URI server, String resource, String intent, List<String> tools) {
    var details = JSON.createArrayNode();
    var detail = details.addObject().put("type", "https://remit.dev/task").put("intent", intent);
    if (!tools.isEmpty()) {
      var named = detail.putArray("tools");
      tools.forEach(named::add);
    }
    var answer =
        exchange(server, proof(server, Instant.now()), server + "/mcp/" + resource, details);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("the exchange was refused: " + answer.body());
    }
    var json = JSON.readTree(answer.body());
    return new TaskToken(
        json.get("access_token").stringValue(),
        json.at("/authorization_details/0/task").stringValue(),
        json.get("expires_in").longValue());
  }

  /// Asks for a token and returns whatever the server answers.
  public HttpResponse<String> exchange(
      URI server, String proof, String resource, JsonNode details) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("subject_token", proof);
    form.put("subject_token_type", JWT_TYPE);
    form.put("resource", resource);
    form.put("authorization_details", details.toString());
    try {
      return CLIENT.send(
          HttpRequest.newBuilder(server.resolve("/oauth2/token"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(encoded(form)))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("exchange a proof for a token", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during an exchange", e);
    }
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /// A task and its token.
  public record TaskToken(String value, String task, long expiresInSeconds) {

    /// Never shows the token.
    @Override
    public String toString() {
      return "TaskToken[" + task + "]";
    }
  }
}
