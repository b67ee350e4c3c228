package dev.remit.server.authzen;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.crypto.MasterKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Where the next page of a search begins. Sealed, so that it says nothing to whoever holds it, and
/// bound to the asker and the query: it opens for nobody and nothing else.
///
/// @param limit the most results on a page, as the first request had it
/// @param after the name after which the page begins; empty for the first
record PageToken(int limit, String after) {
  private static final int CHARS_MAX = 8_192;

  String sealed(MasterKey key, Asker asker, Digest query) {
    var text = limit + " " + after;
    var bytes = key.wrap(text.getBytes(StandardCharsets.UTF_8), purpose(asker, query));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static PageToken open(String token, MasterKey key, Asker asker, Digest query) throws Malformed {
    if (token.length() > CHARS_MAX) {
      throw wrong();
    }
    try {
      var bytes = key.unwrap(Base64.getUrlDecoder().decode(token), purpose(asker, query));
      var text = new String(bytes, StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      return new PageToken(Integer.parseInt(text, 0, space, 10), text.substring(space + 1));
    } catch (IllegalArgumentException | IllegalStateException e) {
      // Said in one way, whether it was altered, made up, or another's.
      throw wrong();
    }
  }

  private static String purpose(Asker asker, Digest query) {
    return "authzen page " + asker.name() + " " + query.value();
  }

  private static Malformed wrong() {
    return new Malformed(
        "`page.token` is not one of this query and this caller; begin again without a token");
  }
}
