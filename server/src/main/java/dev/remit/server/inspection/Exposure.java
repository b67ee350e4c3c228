package dev.remit.server.inspection;

import dev.remit.kernel.identity.SecretKind;

/// One secret in a text.
///
/// @param what which one: a canary's id, the name of a stored secret, or a format, as
///   `github-token`; never the secret
/// @param start first byte of it in the text that was looked at, in UTF-8
/// @param end the byte after its last one
/// @param isEncoded whether it stood there in base64, hex or percent encoding
public record Exposure(SecretKind kind, String what, int start, int end, boolean isEncoded) {

  Exposure at(int from, int to) {
    return new Exposure(kind, what, from, to, true);
  }

  /// Both as one.
  Exposure with(Exposure other) {
    var told = !kind.isCertain() && other.kind.isCertain() ? other : this;
    return new Exposure(
        told.kind,
        told.what,
        Math.min(start, other.start),
        Math.max(end, other.end),
        told.isEncoded);
  }
}
