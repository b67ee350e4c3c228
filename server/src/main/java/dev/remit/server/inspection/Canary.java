package dev.remit.server.inspection;

import dev.remit.kernel.identity.CanaryId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Word;
import java.time.Instant;
import java.util.Optional;

/// A secret that opens nothing and that nobody has a reason to carry: where it turns up, something
/// was read and passed on that should not have been.
///
/// @param on what it was planted at
/// @param owner who is to hear of it
/// @param place where it was put, in words
/// @param planted whether Remit made its value; else somebody declared one that was there already
/// @param retired by whom and when; empty while it is looked for
public record Canary(
    CanaryId id,
    Subject on,
    String name,
    PersonName owner,
    String place,
    boolean planted,
    PersonName by,
    Instant at,
    Optional<Retired> retired) {

  /// What sort of thing it was planted at.
  public enum Subject implements Word {
    RESOURCE,
    WORKFLOW
  }

  /// That it is no longer looked for.
  public record Retired(PersonName by, Instant at) {}
}
