package dev.remit.server.tokens;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.task.TaskScope;
import java.net.URI;
import java.util.Optional;

/// What a workload asks the token endpoint for.
///
/// @param grant how it asks; decides how a refusal is said
/// @param proof what says who it is
/// @param resource the one resource the token is to be for
/// @param details which task
/// @param delegation the task token by which somebody delegates the work, if somebody does
record ExchangeRequest(
    Grant grant, Shown proof, URI resource, Details details, Optional<String> delegation) {

  /// What a workload shows to say who it is.
  sealed interface Shown {

    /// A JWT, its own or its platform's.
    record Jwt(String text) implements Shown {

      /// Holds nothing of the JWT.
      @Override
      public String toString() {
        return "a JWT";
      }
    }

    /// The certificate of the connection, which is that of this identity.
    record Certificate(SpiffeId clientId) implements Shown {}

    /// Returns a digest by which somebody who holds the proof finds its refusal.
    default Optional<Digest> digest() {
      return this instanceof Jwt(var text) ? Optional.of(Digest.of(text)) : Optional.empty();
    }
  }

  /// The two ways to ask.
  enum Grant {
    /// RFC 8693: the proof is the `subject_token`, or, where that is somebody's task token, the
    /// `actor_token`.
    TOKEN_EXCHANGE,

    /// RFC 6749, section 4.4, with RFC 7523: the proof is the `client_assertion`; or with RFC 8705:
    /// the certificate of the connection.
    CLIENT_CREDENTIALS
  }

  /// The authorization details of type `https://remit.dev/task`.
  ///
  /// @param intent what the task is for; may be left out when a task is continued
  /// @param tools a narrowing; [TaskScope.Tools.AllGranted] when none was asked for
  /// @param callsMax likewise; [TokenBody#UNLIMITED] when none was asked for
  /// @param task the task to continue; a new one is started without it
  /// @param delegateTo to whom the token may delegate, by their SPIFFE ID
  record Details(
      Optional<String> intent,
      TaskScope.Tools tools,
      long callsMax,
      Optional<TaskId> task,
      Optional<SpiffeId> delegateTo) {}
}
