package dev.remit.server.registry;

import dev.remit.server.registry.Change.FieldChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Compares two specifications value by value.
///
/// A list is one value unless both sides hold as many items, so that an inserted item does not show
/// as a change of all that follow it.
final class FieldChanges {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final List<FieldChange> found = new ArrayList<>();

  private FieldChanges() {}

  static List<FieldChange> between(JsonNode before, JsonNode after) {
    var changes = new FieldChanges();
    changes.compare("", before, after);
    return changes.found;
  }

  static List<FieldChange> added(JsonNode after) {
    return between(NOTHING, after);
  }

  static List<FieldChange> removed(JsonNode before) {
    return between(before, NOTHING);
  }

  private void compare(String path, JsonNode before, JsonNode after) {
    if (before.equals(after)) {
      return;
    }
    if (before.isObject() && after.isObject()) {
      objects(path, before, after);
    } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        compare(path + "[" + i + "]", before.get(i), after.get(i));
      }
    } else {
      found.add(new FieldChange(path, Optional.of(before), Optional.of(after)));
    }
  }

  private void objects(String path, JsonNode before, JsonNode after) {
    var names = new TreeSet<>(before.propertyNames());
    names.addAll(after.propertyNames());
    for (var name : names) {
      var inner = path.isEmpty() ? name : path + "." + name;
      var old = Optional.ofNullable(before.get(name));
      var fresh = Optional.ofNullable(after.get(name));
      if (old.isPresent() && fresh.isPresent()) {
        compare(inner, old.get(), fresh.get());
      } else {
        found.add(new FieldChange(inner, old, fresh));
      }
    }
  }
}
