package dev.remit.server.tokens;

/// A refusal in OAuth's own form.
///
/// Source: RFC 6749, section 5.2; RFC 8693, section 2.2.2; RFC 8707, section 2; RFC 9396, section
/// 5. `reason` is ours: a stable word for programs, also in the ledger.
///
/// @param status 400, 401 or 503
/// @param error the registered code
/// @param reasonCode the stable word
/// @param description what is wrong and what to do, in ASCII without quotes or backslashes
record OAuthError(int status, String error, String reasonCode, String description) {

  OAuthError {
    // RFC 6749 allows %x20-21 / %x23-5B / %x5D-7E. What comes of names and URLs is made to fit.
    description = description.replaceAll("[^\\x20-\\x7e]", "?").replaceAll("[\"\\\\]", "'");
  }

  static OAuthError invalidRequest(String reasonCode, String description) {
    return new OAuthError(400, "invalid_request", reasonCode, description);
  }

  static OAuthError invalidDetails(String reasonCode, String description) {
    return new OAuthError(400, "invalid_authorization_details", reasonCode, description);
  }

  static OAuthError invalidTarget(String reasonCode, String description) {
    return new OAuthError(400, "invalid_target", reasonCode, description);
  }

  /// This node does not know what was suspended.
  static OAuthError feedStale() {
    return new OAuthError(
        503,
        "temporarily_unavailable",
        "feed-stale",
        "this node has not heard of suspensions lately and issues nothing; try again");
  }

  /// The workload is known and may not have a token now.
  static OAuthError unauthorizedClient(String reasonCode, String description) {
    return new OAuthError(400, "unauthorized_client", reasonCode, description);
  }

  /// The proof does not hold: of the client where it authenticates as one, else of the subject.
  static OAuthError badProof(ExchangeRequest.Grant grant, String reasonCode, String description) {
    return switch (grant) {
      case TOKEN_EXCHANGE -> invalidRequest(reasonCode, description);
      case CLIENT_CREDENTIALS -> new OAuthError(401, "invalid_client", reasonCode, description);
    };
  }
}
