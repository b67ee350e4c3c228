package dev.remit.server.tokens.proof;

import dev.remit.server.registry.Registered;
import java.util.List;
import java.util.Optional;

/// Tells a person's login from a workload's: an identity is never a person's (R2, R6).
///
/// Platforms do not say it in one standard way, so each sign that only an interactive login or a
/// user account leaves is looked for. `email` alone is none: clouds give service accounts one.
final class PersonSigns {
  /// Claims that exist only because somebody signed in (OpenID Connect Core, section 2; Entra).
  private static final List<String> LOGIN_CLAIMS =
      List.of("auth_time", "amr", "nonce", "at_hash", "c_hash", "upn", "unique_name");

  private PersonSigns() {}

  /// Returns what shows that the proof is a person's, if anything does.
  static Optional<String> in(Claims claims, Registered registered) {
    return LOGIN_CLAIMS.stream()
        .filter(claims::has)
        .findFirst()
        .map(claim -> "it has the claim `" + claim + "`, which an interactive login leaves")
        .or(() -> typed(claims))
        .or(() -> declared(claims, registered));
  }

  private static Optional<String> typed(Claims claims) {
    return claims.holds("idtyp", "user")
        ? Optional.of("its claim `idtyp` says user")
        : Optional.empty();
  }

  private static Optional<String> declared(Claims claims, Registered registered) {
    var subject = claims.text("sub").orElse("");
    var email = claims.text("email");
    boolean known =
        registered.people().stream()
            .anyMatch(person ->
                person.name().value().equals(subject)
                    || person.subject().filter(subject::equals).isPresent()
                    || person.email().filter(subject::equalsIgnoreCase).isPresent()
                    || email
                        .filter(e -> person.email().filter(e::equalsIgnoreCase).isPresent())
                        .isPresent());
    return known ? Optional.of("it is that of a declared person") : Optional.empty();
  }
}
