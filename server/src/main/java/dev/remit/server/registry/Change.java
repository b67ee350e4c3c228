package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.shape.Place;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What an apply would do to one declared thing.
///
/// @param before digest of what is stored; empty when it is new
/// @param after digest of what would be; empty when it would be retired
/// @param fields what differs, by path; of a new or retired thing, all of it
/// @param place where it is declared; the name of the set when it is no longer
public record Change(
    Ref ref,
    Action action,
    Optional<Digest> before,
    Optional<Digest> after,
    List<FieldChange> fields,
    Place place) {

  /// What is done to a thing.
  public enum Action implements Word {
    CREATE,
    UPDATE,
    RETIRE,
    NONE
  }

  /// One value that differs.
  ///
  /// @param path from the specification down, such as `tools[2]` or `limits.callsPerTask`
  public record FieldChange(String path, Optional<JsonNode> before, Optional<JsonNode> after) {}

  public Change {
    fields = List.copyOf(fields);
  }

  /// Whether nothing of it would be different.
  public boolean isNone() {
    return action == Action.NONE;
  }
}
