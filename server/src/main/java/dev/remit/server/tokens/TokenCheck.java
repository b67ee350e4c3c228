package dev.remit.server.tokens;

import dev.remit.kernel.identity.TaskId;
import dev.remit.server.tokens.proof.Proofs;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What [Tokens#check] found. Anything but [Good] is a refusal.
public sealed interface TokenCheck {

  /// Every check passed, standing included.
  record Good(TaskClaims claims) implements TokenCheck {}

  /// There was no token.
  record Missing() implements TokenCheck {}

  /// Not a token of ours, or one that was withdrawn.
  ///
  /// @param reasonCode a stable word such as `bad-signature`; see `docs/formats/task-token.md`
  record Invalid(String reasonCode) implements TokenCheck {}

  record Expired(Instant at) implements TokenCheck {}

  /// Ours, but for another resource.
  ///
  /// @param expected the resource that was asked
  record WrongAudience(URI expected) implements TokenCheck {}

  /// The task was completed or has run out; its tokens ended with it.
  record TaskEnded(TaskId task) implements TokenCheck {}

  /// Somebody said stop.
  ///
  /// @param kind `identity`, `workflow`, `person` (the workflow's owner), `resource`, `model` or
  ///   `key`
  /// @param name which one
  record Suspended(String kind, String name) implements TokenCheck {}

  /// The token stands, but whoever presents it does not show that it is theirs: it is bound to a
  /// key or a certificate, or presented as if it were.
  ///
  /// @param error `invalid_token`, `invalid_dpop_proof` or `use_dpop_nonce` (RFC 9449, section 7.1)
  /// @param reasonCode a stable word; see `docs/formats/task-token.md`
  /// @param detail what to do about it
  /// @param nonce what the next proof is to repeat
  record NotHeld(String error, String reasonCode, String detail, Optional<String> nonce)
      implements TokenCheck {

    /// Whether this is only the first step of every client: it cannot know the nonce before.
    public boolean isFirstStep() {
      return nonce.isPresent();
    }

    /// Returns the value of `WWW-Authenticate`.
    public String challenge() {
      return "DPoP error=\"%s\", error_description=\"%s\", algs=\"%s\""
          .formatted(
              error,
              detail.replaceAll("[^\\x20-\\x7e]", "?").replaceAll("[\"\\\\]", "'"),
              String.join(" ", Proofs.algorithms()));
    }
  }

  /// This node has not heard of suspensions for too long to trust any token.
  record FeedStale(Duration age) implements TokenCheck {}
}
