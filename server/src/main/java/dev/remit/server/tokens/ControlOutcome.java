package dev.remit.server.tokens;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What taking access away has come to.
///
/// @param parts in the order in which they were done
/// @param took until the last of them was, or measuring was given up
/// @param late whether whoever began it had died, so that times are those of another node's clock
public record ControlOutcome(List<Part> parts, Duration took, boolean late) {
  private static final JsonMapper JSON = JsonMapper.shared();

  public ControlOutcome {
    parts = List.copyOf(parts);
  }

  /// One part: `tokens` counts the nodes that refuse them, every other what it is called.
  ///
  /// @param left how many are still under way; 0 when it is done
  /// @param after how long after the command it was seen to be done, at most
  public record Part(String name, long count, long left, Duration after) {}

  public boolean isComplete() {
    return parts.stream().allMatch(part -> part.left() == 0);
  }

  /// Returns the members that entry, row and answer have in common.
  ObjectNode toJson() {
    var json = JSON.createObjectNode();
    var array = json.putArray("parts");
    for (var part : parts) {
      array
          .addObject()
          .put("part", part.name())
          .put("count", part.count())
          .put("left", part.left())
          .put("millis", part.after().toMillis());
    }
    return json.put("complete", isComplete()).put("tookMillis", took.toMillis()).put("late", late);
  }
}
