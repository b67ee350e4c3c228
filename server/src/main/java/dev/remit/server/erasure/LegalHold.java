package dev.remit.server.erasure;

import dev.remit.kernel.identity.LegalHoldId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.ledger.Subject;
import java.time.Instant;
import java.util.Optional;

/// That what is kept about one task, person or workflow may not be erased.
///
/// @param subject the task's id, or a name
/// @param lifted by whom and when; empty while it stands
public record LegalHold(
    LegalHoldId id,
    ErasureScope.Kind kind,
    String subject,
    String reason,
    PersonName placedBy,
    Instant placedAt,
    Optional<Lifted> lifted) {

  /// That somebody has lifted it.
  public record Lifted(PersonName by, Instant at) {}

  /// Whether content about `about` is under it.
  public boolean covers(Subject about) {
    var theirs =
        switch (kind) {
          case TASK -> about.task();
          case PERSON -> about.person();
          case WORKFLOW -> about.workflow();
        };
    return theirs.filter(subject::equals).isPresent();
  }

  /// Returns the hold as messages name it.
  String said() {
    return "legal hold " + id + " on " + kind.word() + " `" + subject + "`";
  }
}
