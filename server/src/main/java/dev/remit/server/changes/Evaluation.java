package dev.remit.server.changes;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import java.time.Instant;

/// What one suite has said of a change.
///
/// @param run where the run is on record
public record Evaluation(String suite, String run, Outcome outcome, PersonName by, Instant at) {

  /// What it came to.
  public enum Outcome implements Word {
    PASS,
    FAIL,
    INCONCLUSIVE
  }
}
