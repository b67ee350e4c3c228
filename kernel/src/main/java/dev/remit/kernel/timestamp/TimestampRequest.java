package dev.remit.kernel.timestamp;

import dev.remit.kernel.ledger.Hash;
import java.math.BigInteger;
import java.util.HexFormat;

/// What an authority is asked: to say when it saw these 32 bytes.
///
/// @param imprint SHA-256 of what is to be stamped
/// @param nonce not negative; the answer must repeat it
///
///   Source: RFC 3161, section 2.4.1.
public record TimestampRequest(Hash imprint, BigInteger nonce) {

  /// `AlgorithmIdentifier` of SHA-256 with `NULL` parameters.
  private static final byte[] SHA_256 = HexFormat.of().parseHex("300d06096086480165030402010500");

  public TimestampRequest {
    if (nonce.signum() < 0) {
      throw new IllegalArgumentException("a nonce is not negative");
    }
  }

  /// Returns the request as it is sent, with the wish that the answer bring its certificate.
  public byte[] der() {
    return Der.encode(
        Der.SEQUENCE,
        Der.encode(Der.INTEGER, new byte[] {1}),
        Der.encode(Der.SEQUENCE, SHA_256, Der.encode(Der.OCTETS, imprint.bytes())),
        Der.encode(Der.INTEGER, nonce.toByteArray()),
        Der.encode(Der.BOOLEAN, new byte[] {(byte) 0xff}));
  }
}
