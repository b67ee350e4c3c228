package dev.remit.server.signin;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// A program that logs in by itself, as its own metadata says. Nothing of it is verified but that
/// whoever controls the address wrote it.
///
/// @param id the address of its metadata
/// @param name what it calls itself
/// @param redirects where it may be answered, exactly
record Client(URI id, Optional<String> name, List<String> redirects) {

  Client {
    redirects = List.copyOf(redirects);
  }

  /// Whether an answer may be sent to `redirect`: one of its own, to the letter; a program on the
  /// person's machine may listen at any port (RFC 8252, section 7.3).
  boolean mayBeAnsweredAt(String redirect) {
    return redirects.stream().anyMatch(one -> one.equals(redirect) || isSameHere(one, redirect));
  }

  private static boolean isSameHere(String registered, String asked) {
    try {
      var one = URI.create(registered);
      var other = URI.create(asked);
      return Addresses.isHere(one)
          && Addresses.isHere(other)
          && withoutPort(one, registered).equals(withoutPort(other, asked));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String withoutPort(URI uri, String text) {
    var authority = uri.getRawAuthority();
    return "http://" + uri.getHost() + text.substring("http://".length() + authority.length());
  }
}
