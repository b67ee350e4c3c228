package dev.remit.server.findings;

import dev.remit.kernel.identity.FindingId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import java.time.Instant;
import java.util.Optional;

/// Something that looks wrong.
///
/// @param kind what sort of thing, such as `engines-disagree`
/// @param subject what it is about; with `kind` it tells one finding from another
/// @param summary what was seen, in one sentence
/// @param remedy what to do next
/// @param forRole who must act
/// @param seenAt when it was last seen
/// @param times how often it was seen
/// @param closed who closed it; what is seen after that is another finding
public record Finding(
    FindingId id,
    String kind,
    String subject,
    Severity severity,
    String summary,
    String remedy,
    Role forRole,
    Instant raisedAt,
    Instant seenAt,
    long times,
    Optional<Closed> closed) {

  /// That somebody is done with it.
  ///
  /// @param reason 1 to 2,000 characters
  public record Closed(Instant at, PersonName by, String reason) {
    static final int REASON_MAX = 2_000;

    public Closed {
      if (reason.isBlank() || reason.length() > REASON_MAX) {
        throw new IllegalArgumentException("a reason has 1 to " + REASON_MAX + " characters");
      }
    }
  }

  /// How bad it is.
  public enum Severity implements Word {
    LOW,
    MEDIUM,
    HIGH
  }

  /// What somebody has seen, before it has an id.
  public record Sighting(
      String kind,
      String subject,
      Severity severity,
      String summary,
      String remedy,
      Role forRole) {}
}
