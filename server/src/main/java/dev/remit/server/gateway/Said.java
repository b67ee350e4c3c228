package dev.remit.server.gateway;

/// A refusal put into words: the form it takes on the wire, and what it tells.
///
/// @param form which of the protocol's own forms carries it
/// @param reason a stable word such as `definition-changed`, for programs
/// @param text what was refused and why, for the developer and the model that read it
/// @param next what to do about it
record Said(Form form, String reason, String text, String next) {

  /// How a refusal is said on the wire.
  sealed interface Form {

    /// HTTP 401 with the challenge of RFC 9728, so that the client can obtain a good token.
    ///
    /// @param error the `error` of RFC 6750, or empty when no token was presented
    record Challenge(String error) implements Form {}

    /// A JSON-RPC error under an HTTP status.
    record RpcError(int status, long code) implements Form {}

    /// A tool result with `isError: true`: what models and clients show best. Where the request was
    /// not a tool call it becomes an error with `code`.
    record ToolResult(long code) implements Form {}
  }
}
