package dev.remit.server.signin;

import com.nimbusds.jose.JOSEObjectType;
import dev.remit.server.tokens.SigningKeys;
import dev.remit.server.tokens.proof.UnusableDocument;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Exchanges the identity provider's code for an ID token, as the client that we are there: by our
/// secret (`client_secret_basic`), or by a JWT of our own (`private_key_jwt`, RFC 7523).
final class TokenRequest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration ASSERTION_LIFETIME = Duration.ofMinutes(1);

  private final SignInConfig config;
  private final SignInConfig.Provider provider;
  private final SigningKeys keys;
  private final HttpClient client;

  TokenRequest(SignInConfig config, SignInConfig.Provider provider, SigningKeys keys) {
    this.config = config;
    this.provider = provider;
    this.keys = keys;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.proofs().fetch().timeout())
            .build();
  }

  /// @throws UnusableDocument when there is none to be had
  String idToken(URI endpoint, String code, String verifier, Instant now) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", config.publicUrl() + IdentityProvider.CALLBACK);
    form.put("code_verifier", verifier);
    var request =
        HttpRequest.newBuilder(endpoint)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
    provider
        .secret()
        .ifPresentOrElse(
            secret -> request.header("Authorization", basic(secret)),
            () -> {
              form.put("client_id", provider.client());
              form.put(
                  "client_assertion_type",
                  "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
              form.put("client_assertion", assertion(now));
            });
    var body = BodyPublishers.ofString(Addresses.query(form));
    try {
      var answer = JSON.readTree(send(request.POST(body).build()));
      var idToken = answer == null ? "" : answer.path("id_token").asString("");
      if (idToken.isEmpty()) {
        throw new UnusableDocument("it answered without an ID token");
      }
      return idToken;
    } catch (JacksonException e) {
      throw new UnusableDocument("it answered something that is not JSON");
    }
  }

  private String basic(SignInConfig.Secret secret) {
    var pair = encoded(provider.client()) + ":" + encoded(secret.value());
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String assertion(Instant now) {
    var claims = JSON.createObjectNode();
    claims.put("iss", provider.client()).put("sub", provider.client());
    claims.put("aud", provider.issuer().toString());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plus(ASSERTION_LIFETIME).getEpochSecond());
    claims.put("jti", Browser.random());
    return keys.sign(JOSEObjectType.JWT, claims.toString().getBytes(StandardCharsets.UTF_8), now);
  }

  private byte[] send(HttpRequest request) {
    var limits = config.proofs().fetch();
    var answer =
        client.sendAsync(
            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.bytesMax()));
    try {
      return ok(answer.get(limits.timeout().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new UnusableDocument("it did not answer within " + limits.timeout().toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new UnusableDocument(
          e.getCause() instanceof IOException
              ? "it cannot be reached"
              : "it answered what cannot be read");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableDocument("the server is stopping");
    } finally {
      answer.cancel(true);
    }
  }

  private static byte[] ok(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new UnusableDocument("it refused the code with status " + response.statusCode());
    }
    return response.body();
  }
}
