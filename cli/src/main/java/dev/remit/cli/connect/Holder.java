package dev.remit.cli.connect;

import dev.remit.cli.keys.SigningKey;
import dev.remit.kernel.canonical.Digest;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Shows with each request that whoever sends it holds the key that the task's token is bound to: a
/// key that is made for this process and leaves with it.
///
/// A server asks that a proof repeat its nonce, and tells the next one by a header. Safe for use by
/// many threads.
///
/// Source: RFC 9449, sections 4 to 9.
final class Holder {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String NONCE = "DPoP-Nonce";
  private static final String WANTED = "use_dpop_nonce";

  /// Shorter than any server is told to take one.
  private static final Duration SURELY_GOOD_FOR = Duration.ofSeconds(8);

  private final SigningKey key = SigningKey.fresh();
  private final InstantSource clock;
  private volatile @Nullable Heard heard;

  private record Heard(String nonce, long atNanos) {}

  Holder(InstantSource clock) {
    this.clock = clock;
  }

  /// Returns a proof for one request.
  ///
  /// @param target the address as the server calls it, without query
  /// @param token that it comes with
  String proof(String method, String target, Optional<String> token) {
    var claims = JSON.createObjectNode();
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("htm", method).put("htu", target);
    claims.put("iat", clock.instant().getEpochSecond());
    token.ifPresent(text -> claims.put("ath", base64(Digest.of(text).bytes())));
    var last = heard;
    if (last != null) {
      claims.put("nonce", last.nonce());
    }
    var header = JSON.createObjectNode().put("typ", "dpop+jwt").put("alg", "ES256");
    header.set("jwk", bare());
    return key.sign(header, claims);
  }

  private ObjectNode bare() {
    return key.publicJwk().without(List.of("kid", "use", "alg"));
  }

  /// Remembers the nonce that an answer tells, if it does.
  void hear(HttpHeaders headers) {
    headers.firstValue(NONCE).ifPresent(this::hear);
  }

  void hear(String nonce) {
    heard = new Heard(nonce, System.nanoTime());
  }

  /// Sends the next proof without a nonce, which every server answers with one.
  void forget() {
    heard = null;
  }

  /// Whether there is a nonce that a server surely takes still.
  boolean hasFresh() {
    var last = heard;
    return last != null && System.nanoTime() - last.atNanos() < SURELY_GOOD_FOR.toNanos();
  }

  /// Whether an answer says no more than that the proof lacks the nonce that it tells.
  static boolean asksForNonce(HttpHeaders headers, String text) {
    return headers.firstValue(NONCE).isPresent()
        && (text.contains(WANTED)
            || headers.allValues("WWW-Authenticate").stream()
                .anyMatch(challenge -> challenge.contains(WANTED)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
