package dev.remit.server.export;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// Who issues security event tokens: what the export of them needs from elsewhere.
public interface Transmitter {

  /// The `iss` of every one of them.
  URI issuer();

  /// Signs claims as a JWT of type `secevent+jwt`, with a key that is published.
  String sign(byte[] claims, Instant now);

  /// Returns the SPIFFE ID of a registered identity; empty if it is none any more.
  Optional<String> subject(String identity);
}
