package dev.remit.server.tokens;

import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.Optional;

/// Whether a task token may be exchanged by another identity, which then acts for its holder.
///
/// The holder asked for that token to name this one identity (`may_act`), the registry lets the
/// holder delegate to it, the token and everybody before it still stand, nobody is in the chain
/// twice, and the chain is not too long. Asked anew at every exchange, so at every hop.
///
/// Source: RFC 8693, sections 1.1, 4.1 and 4.4.
final class Delegation {
  private final TokenConfig config;
  private final Tokens tokens;

  Delegation(TokenConfig config, Tokens tokens) {
    this.config = config;
    this.tokens = tokens;
  }

  /// What was found.
  sealed interface Found {

    /// It may.
    ///
    /// @param from what its token says of whoever delegates
    record Delegated(TaskClaims from) implements Found {}

    record Refused(OAuthError error) implements Found {}
  }

  /// Says whether `actor` may act by `token`.
  Found to(Identity actor, String token, Registered known, Instant now) {
    return switch (tokens.check(token, config.delegationAudience(), now)) {
      case TokenCheck.Good(var claims) ->
          wrong(actor, claims, known)
              .<Found>map(Found.Refused::new)
              .orElseGet(() -> new Found.Delegated(claims));
      case TokenCheck.WrongAudience _ ->
          refused(
              "delegation-audience",
              "only a token whose resource is "
                  + config.delegationAudience()
                  + " delegates; whoever delegates asks for one with delegateTo");
      case TokenCheck.FeedStale _ -> new Found.Refused(OAuthError.feedStale());
      case TokenCheck.Missing _,
          TokenCheck.Invalid _,
          TokenCheck.Expired _,
          TokenCheck.NotHeld _,
          TokenCheck.TaskEnded _,
          TokenCheck.Suspended _ ->
          refused(
              "delegation-ended",
              "the subject_token does not hold (any more); ask whoever delegates for a new one");
    };
  }

  private Optional<OAuthError> wrong(Identity actor, TaskClaims from, Registered known) {
    if (!from.mayAct().equals(Optional.of(actor.spiffeId()))) {
      return Optional.of(
          error("may-act", "the subject_token does not name " + actor.spiffeId() + " in may_act"));
    }
    boolean declared =
        known.identity(from.identity()).filter(one -> mayDelegate(one, actor)).isPresent();
    if (!declared) {
      return Optional.of(notDeclared(from.subject().value(), actor));
    }
    boolean again =
        from.identity().equals(actor.name())
            || from.delegators().stream().anyMatch(one -> one.identity().equals(actor.name()));
    if (again) {
      return Optional.of(
          error("delegation-circle", actor.spiffeId() + " is in this chain of delegation before"));
    }
    int depth = from.delegators().size() + 1;
    if (depth > config.delegationsMax()) {
      return Optional.of(
          error(
              "delegation-depth",
              "work is delegated at most "
                  + config.delegationsMax()
                  + " times (tokens.delegationsMax)"));
    }
    return Optional.empty();
  }

  static boolean mayDelegate(Identity from, Identity actor) {
    return from.delegatesTo().contains(actor.name());
  }

  static OAuthError notDeclared(String from, Identity actor) {
    return error(
        "delegation-undeclared",
        from
            + " may not delegate to "
            + actor.spiffeId()
            + "; its owner can declare `delegatesTo: ["
            + actor.name()
            + "]`");
  }

  private static Found refused(String reasonCode, String detail) {
    return new Found.Refused(error(reasonCode, detail));
  }

  private static OAuthError error(String reasonCode, String detail) {
    return new OAuthError(400, "invalid_grant", reasonCode, detail);
  }
}
