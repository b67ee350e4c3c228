package dev.remit.server.signin;

import dev.remit.kernel.identity.ResourceName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What a client asks of a person, after it is known who asks and where the answer goes.
///
/// What is not done is refused by name rather than ignored: a parameter that is silently dropped is
/// a restriction that somebody believes in.
///
/// Source: RFC 6749, section 4.1.1, as OAuth 2.1 narrows it; RFC 7636 (S256 only); RFC 8707.
///
/// @param redirect where the answer goes, to the letter
/// @param resource the one resource that the task's tokens are to be for
record AuthorizationRequest(
    Client client, String redirect, String challenge, ResourceName resource) {
  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final int STATE_CHARS_MAX = 1_000;

  sealed interface Parsed {
    record Request(AuthorizationRequest request) implements Parsed {}

    /// It is not understood, or asks for what is not done.
    ///
    /// @param error the code of RFC 6749, section 4.1.2.1, or of RFC 8707
    record Wrong(String error, String description) implements Parsed {}
  }

  /// Reads the rest of a request that `client` has sent to be answered at `redirect`.
  ///
  /// @param audiences what the address of a resource begins with
  static Parsed parse(Map<String, String> query, Client client, String audiences) {
    if (!query.getOrDefault("response_type", "").equals("code")) {
      return new Parsed.Wrong("unsupported_response_type", "response_type must be code");
    }
    if (query.getOrDefault("state", "").length() > STATE_CHARS_MAX) {
      return new Parsed.Wrong("invalid_request", "state is too long");
    }
    var mode = query.getOrDefault("response_mode", "query");
    if (!mode.equals("query") || query.containsKey("request") || query.containsKey("request_uri")) {
      return new Parsed.Wrong(
          "invalid_request", "response_mode must be query, and there are no request objects");
    }
    if (!query.getOrDefault("code_challenge_method", "plain").equals("S256")
        || !CHALLENGE.matcher(query.getOrDefault("code_challenge", "")).matches()) {
      return new Parsed.Wrong(
          "invalid_request", "PKCE is required: code_challenge with code_challenge_method=S256");
    }
    var scope = query.getOrDefault("scope", "");
    if (!scope.isEmpty() && !scope.equals("offline_access")) {
      return new Parsed.Wrong(
          "invalid_scope", "scope is not used here; the person chooses what the task is for");
    }
    if (query.containsKey("authorization_details")) {
      return new Parsed.Wrong(
          "invalid_authorization_details",
          "the person chooses what the task is for; leave authorization_details out");
    }
    return resource(query.getOrDefault("resource", ""), audiences)
        .<Parsed>map(name ->
            new Parsed.Request(
                new AuthorizationRequest(
                    client,
                    query.getOrDefault("redirect_uri", ""),
                    query.getOrDefault("code_challenge", ""),
                    name)))
        .orElseGet(
            () -> new Parsed.Wrong("invalid_target", "resource must be " + audiences + "NAME"));
  }

  private static Optional<ResourceName> resource(String asked, String audiences) {
    try {
      return asked.startsWith(audiences)
          ? Optional.of(new ResourceName(asked.substring(audiences.length())))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Returns a query in one form, to be compared and carried along.
  static String canonical(Map<String, String> query) {
    return Addresses.query(new TreeMap<>(query));
  }
}
