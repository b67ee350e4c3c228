package dev.remit.server.tokens;

import dev.remit.kernel.identity.SpiffeId;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import java.net.URI;
import java.util.Optional;

/// What a token may be asked for: one registered resource, decisions, or to delegate; bound to a
/// key where much is at stake.
final class Target {
  private final TokenConfig config;

  Target(TokenConfig config) {
    this.config = config;
  }

  /// Says what is wrong about what `identity` asks for; empty if nothing is.
  ///
  /// @param binding what the token would be bound to
  Optional<OAuthError> wrong(
      ExchangeRequest request, Identity identity, Binding binding, Registered known) {
    var asked = request.resource().toString();
    var delegateTo = request.details().delegateTo();
    if (delegateTo.isPresent() || asked.equals(config.delegationAudience().toString())) {
      return mayDelegate(request.resource(), identity, delegateTo, known);
    }
    if (asked.equals(config.decisionAudience().toString())) {
      return unbound(identity, binding, Optional.empty());
    }
    var resource = config.resource(request.resource()).flatMap(known::resource);
    return resource.isEmpty()
        ? Optional.of(
            OAuthError.invalidTarget(
                "resource-unknown",
                "resource must be "
                    + config.audience("")
                    + "NAME, where NAME is a registered resource, or "
                    + config.decisionAudience()))
        : unbound(identity, binding, resource);
  }

  /// The same of what a person has agreed to already: only whether the token may be left unbound.
  Optional<OAuthError> unbound(URI asked, Identity identity, Binding binding, Registered known) {
    return unbound(identity, binding, config.resource(asked).flatMap(known::resource));
  }

  /// Where much is at stake a token is of no use to whoever steals it. One that delegates names who
  /// may use it, and they prove themselves.
  private Optional<OAuthError> unbound(
      Identity identity, Binding binding, Optional<Resource> resource) {
    boolean must =
        config.holders().autonomies().contains(identity.autonomy())
            || resource
                .filter(one -> config.holders().environments().contains(one.environment()))
                .isPresent();
    return must && binding instanceof Binding.None
        ? Optional.of(
            OAuthError.invalidRequest(
                "binding-required",
                "this token must be bound to a key: send a DPoP proof, or connect with the"
                    + " identity's certificate"))
        : Optional.empty();
  }

  /// A token that delegates is good for nothing else, and names to whom.
  private Optional<OAuthError> mayDelegate(
      URI resource, Identity identity, Optional<SpiffeId> to, Registered known) {
    if (!resource.equals(config.delegationAudience()) || to.isEmpty()) {
      return Optional.of(
          OAuthError.invalidTarget(
              "delegation-target",
              "to delegate, ask for resource "
                  + config.delegationAudience()
                  + " with delegateTo in authorization_details; for anything else leave it out"));
    }
    var actor = known.identity(to.get());
    if (actor.isEmpty()) {
      return Optional.of(
          OAuthError.invalidDetails(
              "delegate-unknown", "no identity " + to.get() + " is registered"));
    }
    return Delegation.mayDelegate(identity, actor.get())
        ? Optional.empty()
        : Optional.of(Delegation.notDeclared(identity.spiffeId().value(), actor.get()));
  }
}
