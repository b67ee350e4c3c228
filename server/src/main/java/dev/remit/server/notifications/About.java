package dev.remit.server.notifications;

import dev.remit.kernel.identity.Word;

/// What a message is about.
public enum About implements Word {
  /// Held calls: opened, answered, lapsed, voided.
  APPROVALS,

  /// What looks wrong.
  FINDINGS,

  /// Suspensions that somebody asks to end.
  RESUMPTIONS,

  /// Changes of production that wait for a second person.
  CHANGES,

  /// Policy that is to be observed only, or is.
  ENFORCEMENT,

  /// Glass that is to be broken, or is, and its review.
  EMERGENCIES
}
