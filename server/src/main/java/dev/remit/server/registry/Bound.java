package dev.remit.server.registry;

import dev.remit.kernel.identity.GrantName;
import java.util.Set;

/// How far an identity may go with the model that decides it now, by what was approved of it.
///
/// Handle it with a `switch` and no `default`. Policy comes after it: it only ever takes away.
public sealed interface Bound {

  /// No model decides the identity, or exactly what decides it was approved and still is.
  record Approved() implements Bound {}

  /// Something about it has changed that nobody has approved yet; only some grants rest on that.
  ///
  /// @param change its id, for people to look up
  /// @param suspended the grants that grant nothing until it is approved; the others go on
  /// @param why in one clause
  record Limited(String change, Set<GrantName> suspended, String why) implements Bound {
    public Limited {
      suspended = Set.copyOf(suspended);
    }
  }

  /// It behaves otherwise than what was approved, so it may only read until somebody has looked.
  record Suspect(String change, String why) implements Bound {}

  /// Nothing is permitted with it.
  ///
  /// @param change empty while none is opened
  /// @param reason a stable word, such as `model-not-approved`
  /// @param next what to do, beginning with a command
  record Refused(String change, String reason, String why, String next) implements Bound {}
}
