package dev.remit.server.http;

import dev.remit.kernel.identity.WorkflowName;
import java.util.Optional;

/// Whether whoever calls has shown lately enough who they are, for a step that does much harm when
/// somebody else takes it: at a browser that was left alone, or with a token that was taken.
///
/// Asked after the edge has admitted the caller, and before the step is taken. What only makes
/// things safer (to decline, to suspend, to end) never asks it.
public interface FreshSignIn {
  /// The kind of problem in which it is said.
  String SLUG = "sign-in-again";

  /// Returns what the caller is told to do first, for a step that is of high risk whatever it is
  /// about; empty where it may be taken now.
  Optional<Reply> refusal(Call call);

  /// The same for a step of high risk only as far as its workflow is.
  Optional<Reply> refusal(Call call, WorkflowName workflow);
}
