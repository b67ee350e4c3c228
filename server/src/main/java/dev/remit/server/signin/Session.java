package dev.remit.server.signin;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// A person who is signed in at a browser, now.
///
/// @param roles what they may do now; may be empty
/// @param how `password`, `passkey`, or the issuer that vouched
/// @param shownAt when they last showed who they are; empty where the issuer does not say
record Session(
    PersonName person,
    Set<Role> roles,
    String how,
    Instant startedAt,
    Optional<Instant> shownAt,
    Digest hash) {

  Session {
    roles = Set.copyOf(roles);
  }
}
