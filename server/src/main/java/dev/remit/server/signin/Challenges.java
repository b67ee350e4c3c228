package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;

/// What a passkey has to sign: random, of this browser and for this purpose, good for five minutes
/// and once.
///
/// It says itself whose it is, by the browser's secret; only that one was used is written down. So
/// whoever opens pages leaves no rows.
final class Challenges {
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private Challenges() {}

  static String fresh(Browser browser, String purpose, Instant now) {
    var told = Browser.random() + "." + now.plus(LIFETIME).getEpochSecond();
    return told + "." + browser.token(said(purpose, told));
  }

  /// Whether it was made for this browser and purpose, and still counts.
  static boolean isOurs(String challenge, Browser browser, String purpose, Instant now) {
    var parts = challenge.split("\\.", -1);
    if (parts.length != 3 || !parts[1].matches("\\d{1,12}")) {
      return false;
    }
    var told = parts[0] + "." + parts[1];
    return browser.sent(parts[2], said(purpose, told))
        && now.isBefore(Instant.ofEpochSecond(Long.parseLong(parts[1])));
  }

  /// Uses it up, and returns false if it was before.
  static boolean spend(Tx tx, String challenge, Instant now) {
    tx.update("DELETE FROM passkey_challenge WHERE expires_at <= ?", now);
    return tx.update(
            """
            INSERT INTO passkey_challenge (hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING
            """,
            Digest.of(challenge).bytes(),
            now.plus(LIFETIME))
        == 1;
  }

  private static String said(String purpose, String told) {
    return "passkey " + purpose + " " + told;
  }
}
