package dev.remit.server.tokens.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.remit.kernel.canonical.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A DPoP proof whose signature holds and which was made for this one request: whoever made it
/// holds the key it names. Whether its nonce is one of ours, and whether it was seen before, is
/// still to be asked.
///
/// Source: RFC 9449, sections 4.2 and 4.3.
///
/// @param thumbprint of the key, SHA-256 in base64url (RFC 7638)
/// @param nonce what it repeats; empty if nothing
/// @param once by which it is recognised when it comes again
public record DpopProof(String thumbprint, String nonce, ProofCheck.Once once) {
  private static final String TYPE = "dpop+jwt";
  private static final int JTI_CHARS_MAX = 256;

  /// The request that the proof must be for.
  ///
  /// @param method `htm`
  /// @param target `htu`: where the client sent it, as the world knows the server
  /// @param token the access token that comes with it, whose hash is `ath`; none at the token
  ///   endpoint
  public record Request(String method, URI target, Optional<String> token) {}

  /// How old a proof may be and how far clocks may differ.
  public record Within(Duration age, Duration skew) {}

  /// What came of reading one.
  public sealed interface Read {
    record Proof(DpopProof proof) implements Read {}

    /// It does not hold, or not for this request.
    ///
    /// @param detail what to do about it
    record Wrong(String reasonCode, String detail) implements Read {}
  }

  /// Reads the one `DPoP` header of a request.
  public static Read read(List<String> headers, Request request, Within within, Instant now) {
    if (headers.size() != 1) {
      return wrong(
          "dpop-missing", "send exactly one DPoP header with a proof; there are " + headers.size());
    }
    return switch (SignedProof.parse(headers.getFirst())) {
      case SignedProof.Parsed.Malformed(var code, var detail) ->
          wrong(
              code.replace("proof-", "dpop-"),
              detail + "; a DPoP proof has its public key, and no private one, in jwk");
      case SignedProof.Parsed.Proof(var proof) -> signed(proof, request, within, now);
    };
  }

  private static Read signed(SignedProof proof, Request request, Within within, Instant now) {
    if (proof.type().filter(TYPE::equalsIgnoreCase).isEmpty()) {
      return wrong("dpop-type", "the typ of a DPoP proof is " + TYPE);
    }
    var key = proof.embeddedKey();
    if (key.isEmpty()) {
      return wrong("dpop-key", "the header has no jwk: put the public key there");
    }
    if (!proof.isFitFor(key.get())) {
      return wrong("dpop-key", "the key in jwk is too weak, or not meant for the algorithm in alg");
    }
    // Not remembered: anybody may come with any number of keys.
    if (!proof.verifies(KeyVerifiers.fresh(key.get()))) {
      return wrong("dpop-signature", "the proof is not signed by the key in its jwk");
    }
    return agreeing(proof.claims(), key.get(), request, within, now);
  }

  private static Read agreeing(
      Claims claims, JWK key, Request request, Within within, Instant now) {
    if (!claims.text("htm").equals(Optional.of(request.method()))) {
      return wrong("dpop-method", "htm must be " + request.method());
    }
    if (claims.text("htu").filter(htu -> isSame(htu, request.target())).isEmpty()) {
      return wrong("dpop-target", "htu must be " + request.target());
    }
    var hash = request.token().map(DpopProof::hash);
    if (hash.isPresent() && !claims.text("ath").equals(hash)) {
      return wrong("dpop-token", "ath must be the base64url SHA-256 of the access token");
    }
    var made = claims.time("iat");
    if (made.isEmpty()) {
      return wrong("dpop-time", "the proof has no iat; say when it was made");
    }
    if (made.get().isAfter(now.plus(within.skew()))) {
      return wrong("dpop-time", "iat is in the future; check clocks");
    }
    var gone = made.get().plus(within.age()).plus(within.skew());
    if (!now.isBefore(gone)) {
      return wrong("dpop-time", "the proof is too old; sign one for each request");
    }
    var jti = claims.text("jti").orElse("");
    if (jti.isEmpty() || jti.length() > JTI_CHARS_MAX) {
      return wrong("dpop-jti", "the proof needs a jti of 1 to " + JTI_CHARS_MAX + " characters");
    }
    var thumbprint = thumbprint(key);
    return new Read.Proof(
        new DpopProof(
            thumbprint,
            claims.text("nonce").orElse(""),
            new ProofCheck.Once(Digest.of("dpop\n" + thumbprint + "\n" + jti), gone)));
  }

  /// Compares addresses without query and fragment (RFC 9449, section 4.3, number 9), normalised as
  /// RFC 3986 says: case of scheme and host, and the scheme's own port.
  static boolean isSame(String text, URI target) {
    try {
      return plain(URI.create(text)).equals(plain(target));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<String> plain(URI uri) {
    var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    var host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    var path = uri.normalize().getRawPath();
    return List.of(scheme, host, "" + port, path == null || path.isEmpty() ? "/" : path);
  }

  private static String hash(String token) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(sha256.digest(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String thumbprint(JWK key) {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException("a JSON Web Key has a thumbprint", e);
    }
  }

  private static Read wrong(String reasonCode, String detail) {
    return new Read.Wrong(reasonCode, detail);
  }
}
