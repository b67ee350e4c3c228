package dev.remit.server.signals;

import java.util.Locale;

/// Why a security event token was not taken, in the transmitter's words.
///
/// Source: RFC 8935, section 2.4.
enum SignalError {
  INVALID_REQUEST,
  INVALID_KEY,
  INVALID_ISSUER,
  INVALID_AUDIENCE,
  AUTHENTICATION_FAILED;

  /// The value of `err`.
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
