package dev.remit.server.http;

import dev.remit.kernel.identity.WorkflowName;
import java.util.Optional;

/// For worlds in which everybody has just signed in.
public final class AlwaysFresh implements FreshSignIn {

  @Override
  public Optional<Reply> refusal(Call call) {
    return Optional.empty();
  }

  @Override
  public Optional<Reply> refusal(Call call, WorkflowName workflow) {
    return Optional.empty();
  }
}
