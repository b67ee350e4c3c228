package dev.remit.server.credentials.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.remit.server.credentials.OutsideClient;
import dev.remit.server.credentials.OutsideConfig;
import dev.remit.server.credentials.SecretUnavailable;
import dev.remit.server.registry.HttpAuth;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What Remit says at the token endpoints of upstreams (RFC 6749, sections 4.4 and 6; RFC 7009),
/// and what it makes of the answers. Believes little: a token is visible ASCII, a lifetime positive
/// and cut to what is set, an error one word; anything else is no answer.
final class TokenEndpoint {
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,16384}");
  private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");
  private static final Duration UNSAID = Duration.ofMinutes(1);
  private static final Duration EARLY_MAX = Duration.ofSeconds(30);

  private final OutsideClient client;
  private final OutsideConfig limits;
  private final ClientProof proof;
  private final InstantSource clock;

  TokenEndpoint(
      OutsideClient client, OutsideConfig limits, ClientProof proof, InstantSource clock) {
    this.client = client;
    this.limits = limits;
    this.proof = proof;
    this.clock = clock;
  }

  /// @param next the refresh token to use from now on, if the server gave one
  record Granted(AccessToken access, Optional<String> next) {}

  Granted fetch(HttpAuth.ClientCredentials declared) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    scope(form, declared.scopes());
    declared.audience().ifPresent(audience -> form.put("audience", audience));
    declared.resource().ifPresent(resource -> form.put("resource", resource));
    return granted(declared.tokenUrl(), declared.client(), form);
  }

  Granted refresh(HttpAuth.RefreshToken declared, String refreshToken) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refreshToken);
    scope(form, declared.scopes());
    return granted(declared.tokenUrl(), declared.client(), form);
  }

  /// Gives a token back.
  ///
  /// @throws SecretUnavailable when the server does not say that it is gone
  void revoke(URI revokeAt, HttpAuth.OAuthClient whose, AccessToken token) {
    var form = new LinkedHashMap<String, String>();
    form.put("token", token.value());
    form.put("token_type_hint", "access_token");
    var answer = ask(revokeAt, whose, form);
    if (!answer.isGood()) {
      throw refused(revokeAt, answer);
    }
  }

  private static void scope(Map<String, String> form, List<String> scopes) {
    if (!scopes.isEmpty()) {
      form.put("scope", String.join(" ", scopes));
    }
  }

  private Granted granted(URI endpoint, HttpAuth.OAuthClient whose, Map<String, String> form) {
    // From when it was asked for: an answer that dawdles has used up some of its life.
    var asked = clock.instant();
    var answer = ask(endpoint, whose, form);
    if (answer.status() != 200) {
      throw refused(endpoint, answer);
    }
    var token = answer.json().path("access_token").asString("");
    if (!TOKEN.matcher(token).matches()
        || !answer.json().path("token_type").asString("").equalsIgnoreCase("bearer")) {
      throw new SecretUnavailable(
          said(endpoint) + " answered something that is no bearer token (RFC 6750)");
    }
    var life = life(endpoint, answer.json().path("expires_in"));
    var early = life.dividedBy(5).compareTo(EARLY_MAX) < 0 ? life.dividedBy(5) : EARLY_MAX;
    var access = new AccessToken(token, asked.plus(life).minus(early), asked.plus(life));
    return new Granted(access, next(endpoint, answer.json().path("refresh_token")));
  }

  private Duration life(URI endpoint, JsonNode said) {
    if (said.isMissingNode() || said.isNull()) {
      return UNSAID;
    }
    var text = said.asString("");
    if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) == 0) {
      throw new SecretUnavailable(
          said(endpoint) + " answered with a lifetime that is not a positive number of seconds");
    }
    return Duration.ofSeconds(Math.min(Long.parseLong(text), limits.tokenLifeMax().toSeconds()));
  }

  private static Optional<String> next(URI endpoint, JsonNode said) {
    if (said.isMissingNode() || said.isNull()) {
      return Optional.empty();
    }
    if (!TOKEN.matcher(said.asString("")).matches()) {
      throw new SecretUnavailable(said(endpoint) + " answered with no usable refresh token");
    }
    return Optional.of(said.asString(""));
  }

  private OutsideClient.Answer ask(
      URI endpoint, HttpAuth.OAuthClient whose, Map<String, String> form) {
    var request =
        HttpRequest.newBuilder(endpoint)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded");
    proof.add(whose, endpoint, request, form, clock.instant());
    return client.ask(said(endpoint), request.POST(BodyPublishers.ofString(encoded(form))).build());
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static SecretUnavailable refused(URI endpoint, OutsideClient.Answer answer) {
    var error = answer.json().path("error").asString("");
    return new SecretUnavailable(
        said(endpoint)
            + " refuses with status "
            + answer.status()
            + (ERROR.matcher(error).matches() ? " and error `" + error + "`" : ""));
  }

  private static String said(URI endpoint) {
    return "the token endpoint at `" + endpoint.getHost() + "`";
  }
}
