package dev.remit.server.approvals;

import java.util.Optional;

/// What a person says to a held call.
///
/// @param reason why, for the record; 1 to 2,000 characters
/// @param forTask to what further calls they agree; empty for this one only, or who declines
public record Answering(boolean agrees, String reason, Optional<ForTask> forTask) {

  /// About the one call that is held.
  public static Answering once(boolean agrees, String reason) {
    return new Answering(agrees, reason, Optional.empty());
  }
}
