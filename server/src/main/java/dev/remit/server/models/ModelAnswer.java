package dev.remit.server.models;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.DecisionId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.gateway.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What became of a question to a model, and what the answer says of who gave it.
///
/// @param decision under which it was asked
/// @param status of HTTP, 0 if there was none
/// @param named the model that the answer names; empty where it names none
/// @param systemFingerprint what the provider says of its backend, where it still does
/// @param finish why the model stopped, in the dialect's word
/// @param firstByte from sending to the first byte of the answer's body
/// @param whole from sending to the end
public record ModelAnswer(
    DecisionId decision,
    TaskId task,
    IdentityName identity,
    ModelRequest request,
    Outcome.How how,
    int status,
    Optional<String> named,
    Optional<String> systemFingerprint,
    Optional<String> serviceTier,
    Tokens tokens,
    Optional<String> finish,
    List<Proposal> proposals,
    Duration firstByte,
    Duration whole,
    Instant at) {

  public ModelAnswer {
    proposals = List.copyOf(proposals);
  }

  /// What was used up.
  ///
  /// @param input read, what was cached included
  /// @param output written, what nobody sees included
  public record Tokens(long input, long cached, long output, Counted counted) {
    public long all() {
      return input + output;
    }
  }

  /// Whose count it is.
  public enum Counted implements Word {
    /// The provider's, and nothing speaks against it.
    REPORTED,
    /// The provider told none, so it is the most that it can have been.
    UNTOLD,
    /// The provider told what cannot have been, so it is what we can say ourselves.
    IMPLAUSIBLE
  }

  /// A call that the model has proposed.
  ///
  /// @param id under which it is recorded
  /// @param wireName the tool, as the agent's client calls it
  /// @param tool the declared tool that is meant; empty if there is none
  /// @param arguments digest of them in canonical JSON; of what is no JSON, of the bytes
  /// @param passed whether the agent was shown it
  public record Proposal(
      DecisionId id, String wireName, Optional<ToolName> tool, Digest arguments, boolean passed) {}
}
