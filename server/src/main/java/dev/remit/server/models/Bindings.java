package dev.remit.server.models;

import dev.remit.kernel.identity.IdentityName;
import java.time.Instant;

/// Whether an identity may be decided for by the model that it asks, as it is now: whoever knows of
/// changes answers, in microseconds and without I/O.
public interface Bindings {

  /// Nobody has anything against any model.
  Bindings ALL_APPROVED = (_, _, _) -> new Bound.Approved();

  Bound of(IdentityName identity, ModelRequest asked, Instant now);

  /// What is known of it.
  sealed interface Bound {

    /// What it is now was approved.
    record Approved() implements Bound {}

    /// It may have changed: it can be asked, and of the tools that it proposes only those that read
    /// pass.
    ///
    /// @param change the change that is looked into
    record Suspect(String change, String why) implements Bound {}

    /// It must not be asked as it is.
    ///
    /// @param change the change that stands in the way; empty where none is open
    /// @param reason a stable word
    record Refused(String change, String reason, String text, String next) implements Bound {}
  }
}
