package dev.remit.server.export;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The keys that a webhook's deliveries are signed with: one, or two while it is being changed.
///
/// Source: Standard Webhooks 1.0.0, "Signature scheme", symmetric.
public final class WebhookKeys {
  private static final String PREFIX = "whsec_";
  private static final int LENGTH_MIN = 24;
  private static final int LENGTH_MAX = 64;

  private final List<byte[]> keys;

  private WebhookKeys(List<byte[]> keys) {
    this.keys = keys;
  }

  /// Reads keys, separated by spaces.
  ///
  /// @throws IllegalArgumentException saying how a key is written, and never what was given
  public static WebhookKeys parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "is not set; it is `whsec_` and the base64 of 24 to 64 random bytes");
    }
    return new WebhookKeys(Arrays.stream(text.strip().split(" +")).map(WebhookKeys::key).toList());
  }

  private static byte[] key(String text) {
    try {
      byte[] key =
          text.startsWith(PREFIX)
              ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
              : new byte[0];
      if (key.length >= LENGTH_MIN && key.length <= LENGTH_MAX) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, without the text: it is secret.
    }
    throw new IllegalArgumentException(
        "is no key: `whsec_` and the base64 of 24 to 64 random bytes");
  }

  /// Returns the value of `webhook-signature`: one signature for each key.
  public String sign(String id, Instant at, byte[] body) {
    var head = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
    return keys.stream().map(key -> sign(key, head, body)).collect(Collectors.joining(" "));
  }

  private static String sign(byte[] key, byte[] head, byte[] body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(head);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }
}
