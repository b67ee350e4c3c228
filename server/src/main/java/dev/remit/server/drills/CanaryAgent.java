package dev.remit.server.drills;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.drills.DrillConfig.Database;
import dev.remit.server.registry.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A canary at work: everything an agent does, over HTTP and at its database, and nothing that an
/// agent could not do.
final class CanaryAgent implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PROOF_LIFE = Duration.ofMinutes(1);
  private static final int UNAUTHORIZED = 401;
  private static final String MODERN = "2026-07-28";

  private final URI issuer;
  private final Identity identity;
  private final String intent;
  private final ECKey key;
  private final Duration within;
  private final HttpClient client;

  /// @param issuer as its proofs and resources name the deployment
  /// @param within longest wait for one answer
  CanaryAgent(URI issuer, Identity identity, String intent, ECKey key, Duration within) {
    this.issuer = issuer;
    this.identity = identity;
    this.intent = intent;
    this.key = key;
    this.within = within;
    this.client = HttpClient.newBuilder().connectTimeout(within).build();
  }

  /// Exchanges a fresh proof for a token of a new task.
  String token(URI node, ResourceName resource, Instant now) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("subject_token", proof(now));
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
    form.put("resource", issuer + "/mcp/" + resource);
    form.put(
        "authorization_details",
        "[{\"type\":\"https://remit.dev/task\",\"intent\":\"" + intent + "\"}]");
    var answer =
        send(
            HttpRequest.newBuilder(at(node, "/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form))));
    if (answer.statusCode() != 200) {
      throw new DrillFailed("the canary got no token at " + node + ": " + answer.body());
    }
    return JSON.readTree(answer.body()).path("access_token").asString("");
  }

  /// Whether `node` takes the token at its gateway. What becomes of the request behind it does not
  /// matter.
  boolean isAccepted(URI node, ResourceName resource, String token) {
    return send(message(node, resource, token, "tools/list")).statusCode() != UNAUTHORIZED;
  }

  /// Opens a stream of changes through the gateway; empty where the server behind it has none.
  Optional<InputStream> stream(URI node, ResourceName resource, String token) {
    try {
      var answer =
          client.send(
              message(node, resource, token, "subscriptions/listen").build(),
              BodyHandlers.ofInputStream());
      boolean open =
          answer.statusCode() == 200
              && answer.headers().firstValue("content-type").orElse("").contains("event-stream");
      if (open) {
        return Optional.of(answer.body());
      }
      answer.body().close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillFailed("interrupted", e);
    }
  }

  /// Asks for a credential and logs in with it.
  Connection session(URI node, Database database, String token) {
    var body =
        JSON.createObjectNode()
            .put("resource", database.resource().value())
            .put("profile", database.profile());
    var answer =
        send(
            HttpRequest.newBuilder(at(node, "/v1/credentials"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    if (answer.statusCode() != 201) {
      throw new DrillFailed(
          "the canary got no credential of " + database.resource() + ": " + answer.body());
    }
    return login(JSON.readTree(answer.body()), database);
  }

  private Connection login(JsonNode given, Database database) {
    var properties = new Properties();
    properties.setProperty("user", given.path("user").asString(""));
    properties.setProperty("password", given.path("password").asString(""));
    properties.setProperty("sslmode", given.path("sslmode").asString("disable"));
    properties.setProperty("connectTimeout", Long.toString(Math.max(1, within.toSeconds())));
    var url =
        "jdbc:postgresql://"
            + given.path("host").asString("")
            + ":"
            + given.path("port").asInt(0)
            + "/"
            + given.path("database").asString("");
    try {
      return DriverManager.getConnection(url, properties);
    } catch (SQLException e) {
      throw new DrillFailed("the canary could not log in at " + database.resource(), e);
    }
  }

  private HttpRequest.Builder message(
      URI node, ResourceName resource, String token, String method) {
    var params =
        "{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\""
            + MODERN
            + "\",\"io.modelcontextprotocol/clientCapabilities\":{}}"
            + (method.equals("tools/list") ? "" : ",\"notifications\":{\"toolsListChanged\":true}")
            + "}";
    return HttpRequest.newBuilder(at(node, "/mcp/" + resource))
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json, text/event-stream")
        .header("Content-Type", "application/json")
        .header("MCP-Protocol-Version", MODERN)
        .header("Mcp-Method", method)
        .timeout(within)
        .POST(
            BodyPublishers.ofString(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""
                    + method
                    + "\",\"params\":"
                    + params
                    + "}"));
  }

  private String proof(Instant now) {
    var spiffeId = identity.spiffeId().value();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(spiffeId)
            .subject(spiffeId)
            .audience(issuer.toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(PROOF_LIFE)))
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
      throw new DrillFailed("the canary's key does not sign ES256", e);
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(within).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new DrillFailed("a node does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillFailed("interrupted", e);
    }
  }

  private static URI at(URI node, String path) {
    return URI.create(node + path);
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
