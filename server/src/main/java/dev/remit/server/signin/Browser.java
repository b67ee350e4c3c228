package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.http.Call;
import dev.remit.server.http.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// One browser, known by the secret in its cookie: 256 random bits, whoever sits before it.
///
/// Each form carries a token that is made of the cookie and of what the form does, so that nobody
/// else can have it sent. Signing in gives the browser another secret (OWASP: session fixation).
///
/// @param secret the cookie's value
/// @param known whether the browser brought it
record Browser(String secret, boolean known) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43}");

  static Browser of(Call call, URI publicUrl) {
    return call.header("cookie")
        .flatMap(cookies -> value(cookies, name(publicUrl)))
        .map(secret -> new Browser(secret, true))
        .orElseGet(Browser::fresh);
  }

  static Browser fresh() {
    return new Browser(random(), false);
  }

  static String random() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  Digest hash() {
    return Digest.of(secret);
  }

  /// Returns what a form that does `what` carries from this browser.
  String token(String what) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(what.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /// Whether a form that does `what` came from a page that this browser was shown.
  boolean sent(String token, String what) {
    return known
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), token(what).getBytes(StandardCharsets.UTF_8));
  }

  /// Returns `reply` with the cookie, unless the browser has it.
  Reply remember(Reply reply, URI publicUrl) {
    return known ? reply : reply.with("Set-Cookie", cookie(publicUrl, secret, ""));
  }

  /// Returns `reply`, which makes the browser forget its cookie.
  static Reply forget(Reply reply, URI publicUrl) {
    return reply.with("Set-Cookie", cookie(publicUrl, "", "; Max-Age=0"));
  }

  private static String cookie(URI publicUrl, String value, String more) {
    // Lax and not Strict: clients and the identity provider send people here from their own sites.
    var secure = isSecure(publicUrl) ? "; Secure" : "";
    return name(publicUrl) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + secure + more;
  }

  /// The prefix keeps the cookie from being set by another host, and is only allowed with TLS.
  private static String name(URI publicUrl) {
    return isSecure(publicUrl) ? "__Host-remit" : "remit";
  }

  private static boolean isSecure(URI publicUrl) {
    return "https".equals(publicUrl.getScheme());
  }

  private static Optional<String> value(String cookies, String name) {
    for (var pair : cookies.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
        return Optional.of(pair.substring(equals + 1).strip())
            .filter(value -> SECRET.matcher(value).matches());
      }
    }
    return Optional.empty();
  }
}
