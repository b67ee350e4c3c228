package dev.remit.server.drills;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.server.credentials.SecretName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which canaries there are, and what is expected of a drill.
///
/// @param nodes where each node is reached, the one that tokens are asked of first
/// @param every how often each canary is drilled by itself; never if it is zero
/// @param rounds suspensions in one drill
/// @param target within which every part of every round must have ended
/// @param within how long is waited for a part before the drill has failed
public record DrillConfig(
    List<Canary> canaries,
    List<URI> nodes,
    Duration every,
    int rounds,
    Duration target,
    Duration within) {

  public DrillConfig {
    canaries = List.copyOf(canaries);
    nodes = List.copyOf(nodes);
  }

  /// An identity that is there to be suspended, and does nothing else.
  ///
  /// @param key the stored secret that holds its private key as a JWK (RFC 7517)
  /// @param resource the MCP server at which its token is used
  /// @param databases the resources and profiles of which it gets a credential
  public record Canary(
      IdentityName identity, SecretName key, ResourceName resource, List<Database> databases) {
    public Canary {
      databases = List.copyOf(databases);
    }
  }

  /// Of what database a canary gets a credential.
  public record Database(ResourceName resource, String profile) {}

  Optional<Canary> canary(IdentityName identity) {
    return canaries.stream().filter(one -> one.identity().equals(identity)).findFirst();
  }
}
