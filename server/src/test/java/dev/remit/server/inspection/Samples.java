package dev.remit.server.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.zip.CRC32;

/// Credentials that open nothing, each made anew in the form of its issuer, so that no file of the
/// repository looks as if one had been left in it.
public final class Samples {
  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String URL64 = BASE62 + "_-";

  private Samples() {}

  /// By the name that is found.
  static Map<String, Function<Random, String>> all() {
    var all = new LinkedHashMap<String, Function<Random, String>>();
    all.put("canary", _ -> CanaryToken.fresh(new SecureRandom()));
    all.put("aws-access-key", r -> "AKIA" + of(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16));
    all.put("google-api-key", r -> "AIza" + of(r, URL64, 35));
    all.put("github-token", Samples::personal);
    all.put("npm-token", r -> "npm_" + checksummed(r));
    all.put("gitlab-token", r -> "glpat-" + of(r, BASE62, 20));
    all.put("pypi-token", r -> "pypi-AgEIcHlwaS5vcmc" + of(r, URL64, 120));
    all.put("anthropic-key", r -> "sk-ant-api03-" + of(r, URL64, 93) + "AA");
    all.put("openai-key", r -> "sk-proj-" + of(r, BASE62, 74) + "T3BlbkFJ" + of(r, BASE62, 74));
    all.put("huggingface-token", r -> "hf_" + of(r, BASE62, 34));
    all.put("slack-token", r -> "xoxb-" + of(r, "0123456789", 12) + "-" + of(r, BASE62, 24));
    all.put("stripe-key", r -> "sk_live_" + of(r, BASE62, 24));
    all.put("sendgrid-key", r -> "SG." + of(r, URL64, 22) + "." + of(r, URL64, 43));
    all.put("digitalocean-token", r -> "dop_v1_" + of(r, "0123456789abcdef", 64));
    all.put("remit-token", r -> "rop_" + of(r, URL64, 43));
    all.put("pem", Samples::pem);
    all.put("jwt", Samples::jwt);
    return all;
  }

  /// A personal access token of GitHub.
  public static String personal(Random random) {
    return "ghp_" + checksummed(random);
  }

  static String of(Random random, String alphabet, int length) {
    var out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return out.toString();
  }

  private static String checksummed(Random random) {
    var body = of(random, BASE62, 30);
    var crc = new CRC32();
    crc.update(body.getBytes(US_ASCII));
    var check = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < 6; i++) {
      check.append(BASE62.charAt((int) (rest % 62)));
      rest /= 62;
    }
    return body + check.reverse();
  }

  private static String pem(Random random) {
    var body = new byte[1_200];
    random.nextBytes(body);
    return "-----BEGIN RSA PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(body)
        + "\n-----END RSA PRIVATE KEY-----";
  }

  private static String jwt(Random random) {
    var signature = new byte[64];
    random.nextBytes(signature);
    var encoder = Base64.getUrlEncoder().withoutPadding();
    return encoder.encodeToString("{\"alg\":\"ES256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
        + "."
        + encoder.encodeToString("{\"sub\":\"somebody\"}".getBytes(UTF_8))
        + "."
        + encoder.encodeToString(signature);
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  static String percent(String text) {
    var out = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
    }
    return out.toString();
  }
}
