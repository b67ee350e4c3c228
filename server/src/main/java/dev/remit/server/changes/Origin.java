package dev.remit.server.changes;

import dev.remit.kernel.identity.Word;

/// By what a change came to light.
public enum Origin implements Word {
  /// Somebody declared something else.
  APPLY,

  /// Somebody has told, such as the provider by a notice.
  TOLD,

  /// It was seen in answers, or by probes.
  OBSERVED
}
