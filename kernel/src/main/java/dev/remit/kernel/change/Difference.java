package dev.remit.kernel.change;

import dev.remit.kernel.identity.Word;
import tools.jackson.databind.JsonNode;

/// One way in which a fingerprint differs from another.
///
/// @param item which tool, grant, parameter or setting; empty where the part is one value
/// @param before what it was, shortened, for people; empty where it was not there
/// @param after what it is; empty where it is gone
public record Difference(Part part, String item, Direction direction, String before, String after) {

  /// Whether something becomes more or less, as far as that can be told.
  public enum Direction implements Word {
    ADDED,
    REMOVED,

    /// More of the same kind: a longer context, another effect of a tool.
    GREW,

    /// Strictly less.
    SHRANK,

    /// Something else.
    CHANGED
  }

  /// What becomes of `before` in `after`: more, less, or something else.
  static Direction direction(JsonNode before, JsonNode after) {
    if (before.isIntegralNumber() && after.isIntegralNumber()) {
      return after.longValue() > before.longValue() ? Direction.GREW : Direction.SHRANK;
    }
    if (!before.isObject() || !after.isObject()) {
      return Direction.CHANGED;
    }
    boolean grew = false;
    for (var name : before.propertyNames()) {
      if (!before.get(name).isArray() && !before.get(name).equals(after.path(name))) {
        return Direction.CHANGED;
      }
    }
    for (var name : after.propertyNames()) {
      var now = after.get(name);
      if (!now.isArray() && !now.equals(before.path(name))) {
        return Direction.CHANGED;
      }
      var was = before.path(name).valueStream().toList();
      grew |= now.isArray() && now.valueStream().anyMatch(one -> !was.contains(one));
    }
    return grew ? Direction.GREW : Direction.SHRANK;
  }

  /// Says it in one clause.
  public String said() {
    var what = item.isEmpty() ? part.word() : part.word() + " `" + item + "`";
    return switch (direction) {
      case ADDED -> what + " is new";
      case REMOVED -> what + " is gone";
      case GREW, SHRANK, CHANGED ->
          what
              + " "
              + direction.word()
              + (before.length() + after.length() > 120 ? "" : ": " + before + " → " + after);
    };
  }
}
