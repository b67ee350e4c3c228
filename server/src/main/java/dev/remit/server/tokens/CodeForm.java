package dev.remit.server.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the form by which a client turns a code, or a refresh token, into a token.
///
/// Source: RFC 6749, sections 4.1.3 and 6, as OAuth 2.1 narrows them: every client is public and
/// proves with PKCE (RFC 7636) that it is the one that began.
final class CodeForm {
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  private CodeForm() {}

  /// What is asked for.
  sealed interface Asked {

    /// By a code.
    ///
    /// @param client the client ID
    /// @param resource where the client says which it means, else that of the consent
    record ByCode(
        String code,
        String client,
        String verifier,
        Optional<String> redirect,
        Optional<String> resource)
        implements Asked {

      /// Whether the verifier is the one whose challenge came with the authorization request.
      boolean answers(String challenge) {
        return MessageDigest.isEqual(ascii(challenge), ascii(challenge(verifier)));
      }
    }

    record ByRefresh(String token, String client, Optional<String> resource) implements Asked {}

    record Wrong(OAuthError error) implements Asked {}
  }

  static boolean isMeant(Map<String, String> form) {
    var grant = form.getOrDefault("grant_type", "");
    return grant.equals("authorization_code") || grant.equals("refresh_token");
  }

  static Asked parse(Map<String, String> form) {
    if (form.containsKey("client_secret") || form.containsKey("client_assertion")) {
      return new Asked.Wrong(
          new OAuthError(
              401,
              "invalid_client",
              "client-authentication",
              "clients that people sign in at are public: send client_id and code_verifier only"));
    }
    var scope = form.getOrDefault("scope", "");
    if (!scope.isEmpty() && !scope.equals("offline_access")) {
      return new Asked.Wrong(
          new OAuthError(
              400,
              "invalid_scope",
              "scope-unused",
              "scope is not used here; what the token is for was agreed when the person signed in"));
    }
    var client = form.getOrDefault("client_id", "");
    if (client.isEmpty()) {
      return missing("client_id");
    }
    var resource = Optional.ofNullable(form.get("resource"));
    return form.getOrDefault("grant_type", "").equals("refresh_token")
        ? refresh(form, client, resource)
        : code(form, client, resource);
  }

  private static Asked refresh(Map<String, String> form, String client, Optional<String> resource) {
    var token = form.getOrDefault("refresh_token", "");
    return token.isEmpty()
        ? missing("refresh_token")
        : new Asked.ByRefresh(token, client, resource);
  }

  private static Asked code(Map<String, String> form, String client, Optional<String> resource) {
    var code = form.getOrDefault("code", "");
    if (code.isEmpty()) {
      return missing("code");
    }
    var verifier = form.getOrDefault("code_verifier", "");
    if (!VERIFIER.matcher(verifier).matches()) {
      return new Asked.Wrong(
          OAuthError.invalidRequest(
              "pkce", "code_verifier must be 43 to 128 unreserved characters (RFC 7636)"));
    }
    return new Asked.ByCode(
        code, client, verifier, Optional.ofNullable(form.get("redirect_uri")), resource);
  }

  private static Asked missing(String name) {
    return new Asked.Wrong(OAuthError.invalidRequest("missing-parameter", name + " is missing"));
  }

  /// Returns the S256 challenge of a verifier (RFC 7636, section 4.2).
  static String challenge(String verifier) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(ascii(verifier));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
