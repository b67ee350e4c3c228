package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.util.List;
import java.util.stream.Stream;

/// Which identities a model or a key is behind: what is at rest names identities only.
///
/// Of what an identity was given nobody knows by which of its keys it was asked for. So with one
/// key everything that is held or lent to the identity goes; its tokens by other keys stay good.
public final class Beneath {

  private Beneath() {}

  /// Returns those whose model or key `party` is; none for any other kind.
  public static List<IdentityName> identities(Party party, Registered registered) {
    return registered.identities().stream()
        .filter(identity -> isBehind(party, identity))
        .map(Identity::name)
        .toList();
  }

  private static boolean isBehind(Party party, Identity identity) {
    return switch (party.kind()) {
      case MODEL -> identity.model().map(Party::of).filter(party::equals).isPresent();
      case KEY -> keys(identity).anyMatch(party.name()::equals);
      case IDENTITY, WORKFLOW, PERSON, RESOURCE -> false;
    };
  }

  /// The thumbprints of its registered keys and certificates.
  private static Stream<String> keys(Identity identity) {
    return identity.authenticatesBy().stream()
        .flatMap(way ->
            switch (way) {
              case Authentication.PrivateKeyJwt(var keys) ->
                  keys.stream().map(Authentication::thumbprint);
              case Authentication.SelfSignedTls(var thumbprints) -> thumbprints.stream();
              case Authentication.Oidc _,
                  Authentication.TlsClient _,
                  Authentication.Spiffe _,
                  Authentication.SignIn _ ->
                  Stream.<String>empty();
            });
  }
}
