package dev.remit.server.tokens;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// To whose key a token is bound: only who holds the key can use it. In the token it is the claim
/// `cnf` (RFC 7800).
public sealed interface Binding {

  /// To none: whoever bears the token uses it.
  record None() implements Binding {}

  /// To a key that signs a proof for each request.
  ///
  /// @param thumbprint of the public key, SHA-256 in base64url (RFC 7638); `jkt` (RFC 9449, section
  ///   6.1)
  record Key(String thumbprint) implements Binding {}

  /// To the certificate that the client showed when it connected.
  ///
  /// @param thumbprint of the certificate, SHA-256 in base64url; `x5t#S256` (RFC 8705, section 3.1)
  record Certificate(String thumbprint) implements Binding {}

  /// What the answer says how to use such a token (RFC 6749, section 7.1). A token of a certificate
  /// is borne like any other (RFC 8705, section 3).
  default String tokenType() {
    return this instanceof Key ? "DPoP" : "Bearer";
  }

  /// Returns the member of `cnf` and its value, as one word for the record; empty for none.
  default Optional<String> confirmation() {
    return switch (this) {
      case None() -> Optional.empty();
      case Key(var thumbprint) -> Optional.of("jkt:" + thumbprint);
      case Certificate(var thumbprint) -> Optional.of("x5t#S256:" + thumbprint);
    };
  }

  /// Adds the claim `cnf` where there is something to say.
  default void write(ObjectNode claims) {
    switch (this) {
      case None() -> {}
      case Key(var thumbprint) -> claims.putObject("cnf").put("jkt", thumbprint);
      case Certificate(var thumbprint) -> claims.putObject("cnf").put("x5t#S256", thumbprint);
    }
  }

  /// Reads the claim of a token that this server signed.
  ///
  /// @throws IllegalArgumentException if there is a confirmation that is neither of ours
  static Binding of(JsonNode claims) {
    var cnf = claims.path("cnf");
    if (cnf.isMissingNode()) {
      return new None();
    }
    return cnf.has("jkt")
        ? new Key(TokenBody.text(cnf, "jkt"))
        : new Certificate(TokenBody.text(cnf, "x5t#S256"));
  }
}
