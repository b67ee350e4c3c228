package dev.remit.server.drills;

import dev.remit.kernel.identity.DrillId;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// A drill that has taken place.
///
/// @param rounds suspensions that were carried through
/// @param nodes how many nodes the token was used at
/// @param detail what failed, or what was too slow; empty when the target was met
public record Drill(
    DrillId id,
    WorkflowName workflow,
    IdentityName canary,
    Instant at,
    Outcome outcome,
    int rounds,
    int nodes,
    Duration target,
    List<Part> parts,
    Optional<String> detail) {

  public Drill {
    parts = List.copyOf(parts);
  }

  /// What it has shown.
  public enum Outcome implements Word {
    /// Everything has ended within the target.
    MET,

    /// Something has ended later.
    MISSED,

    /// It could not be carried through, so that nothing is known.
    FAILED
  }

  /// How long one part took: of each node, stream and session in each round.
  public record Part(String name, int count, Duration p50, Duration p99, Duration max) {

    /// @param took ascending, never empty
    static Part of(String name, List<Duration> took) {
      return new Part(name, took.size(), at(took, 50), at(took, 99), took.getLast());
    }

    private static Duration at(List<Duration> took, int percent) {
      return took.get((took.size() * percent + 99) / 100 - 1);
    }
  }

  ArrayNode partsJson() {
    var array = JsonMapper.shared().createArrayNode();
    for (var part : parts) {
      array
          .addObject()
          .put("part", part.name())
          .put("count", part.count())
          .put("p50Millis", part.p50().toMillis())
          .put("p99Millis", part.p99().toMillis())
          .put("maxMillis", part.max().toMillis())
          .put("targetMillis", target.toMillis());
    }
    return array;
  }
}
