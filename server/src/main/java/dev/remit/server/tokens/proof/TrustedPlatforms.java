package dev.remit.server.tokens.proof;

import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.Authentication;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which identities trust which platform for which subject, in one snapshot of the registry.
///
/// The registry keeps issuer and subject unique; this keeps every match all the same, so that a
/// proof that fits two is noticed instead of given to either.
final class TrustedPlatforms {
  private final Registered registered;
  private final Set<String> issuers = new HashSet<>();
  private final Map<Subject, List<Match>> matches = new HashMap<>();
  private final Map<SpiffeId, Identity> svids = new HashMap<>();

  record Match(Identity identity, Authentication.Oidc way) {}

  private record Subject(String issuer, String subject) {}

  TrustedPlatforms(Registered registered) {
    this.registered = registered;
    for (var identity : registered.identities()) {
      for (var way : identity.authenticatesBy()) {
        if (way instanceof Authentication.Oidc oidc) {
          add(new Match(identity, oidc));
        }
        if (way instanceof Authentication.Spiffe(var id)) {
          svids.put(id, identity);
        }
      }
    }
  }

  boolean isOf(Registered snapshot) {
    return registered == snapshot;
  }

  /// Returns whose SVID says `id`; the registry gives no id to two.
  Optional<Identity> bySvid(SpiffeId id) {
    return Optional.ofNullable(svids.get(id));
  }

  boolean trusts(String issuer) {
    return issuers.contains(issuer);
  }

  List<Match> matches(String issuer, String subject) {
    return matches.getOrDefault(new Subject(issuer, subject), List.of());
  }

  private void add(Match match) {
    var issuer = match.way().issuer().toString();
    issuers.add(issuer);
    matches
        .computeIfAbsent(new Subject(issuer, match.way().subject()), _ -> new ArrayList<>())
        .add(match);
  }
}
