package dev.remit.server.changes;

import dev.remit.kernel.identity.Word;

/// What a change was classified as. The vendor's label has no say.
public enum Verdict implements Word {
  /// It can alter what is seen, done, refused or relied on.
  SECURITY,

  /// Said to change nothing that could be observed: approved without a person once that is shown.
  FAST,

  /// None of the axes is touched by what is within reach.
  ROUTINE
}
