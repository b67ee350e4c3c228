package dev.remit.server.tokens.proof;

import java.security.cert.X509Certificate;

/// What this server knows of certificates that it has issued itself.
public interface OwnCertificates {

  /// There are none.
  OwnCertificates NONE = _ -> Known.NOT_OURS;

  /// Looks it up where every node does; what was revoked a moment ago is seen.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when that cannot be done
  Known of(X509Certificate certificate);

  /// What is known of one.
  enum Known {
    /// Its issuer is none of our authorities.
    NOT_OURS,
    HOLDS,
    /// Revoked, run out, never handed over, or not even issued.
    HOLDS_NOT
  }
}
