package dev.remit.kernel.change;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.change.Difference.Direction;
import dev.remit.kernel.identity.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/// Everything that makes one identity behave as it does, at one moment. What people approve is
/// bound to its [#digest]; what they see is how it differs from the last one.
///
/// @param parts each value as it is declared; a part that is not declared is missing. Not to be
///   changed any more
public record Fingerprint(SortedMap<Part, JsonNode> parts) {
  private static final int SHOWN_MAX = 200;

  public Fingerprint {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
  }

  /// Reads what [#json] wrote.
  ///
  /// @throws IllegalArgumentException if a part is not known here
  public static Fingerprint read(JsonNode json) {
    var parts = new TreeMap<Part, JsonNode>();
    json.propertyStream()
        .forEach(entry -> parts.put(Word.parse(Part.class, entry.getKey()), entry.getValue()));
    return new Fingerprint(parts);
  }

  /// The same with another value of one part.
  public Fingerprint with(Part part, JsonNode value) {
    var more = new TreeMap<>(parts);
    more.put(part, value);
    return new Fingerprint(more);
  }

  /// The same as far as it is declared, without what was seen.
  public Fingerprint declared() {
    var less = new TreeMap<>(parts);
    less.remove(Part.OBSERVED);
    return new Fingerprint(less);
  }

  public ObjectNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    parts.forEach((part, value) -> json.set(part.word(), value));
    return json;
  }

  /// Returns the digest of the canonical JSON of each part, by its word: what the ledger says.
  public ObjectNode digests() {
    var json = JsonNodeFactory.instance.objectNode();
    parts.forEach((part, value) -> json.put(part.word(), CanonicalJson.digest(value).value()));
    return json;
  }

  /// Returns the digest of [#digests] in canonical JSON, so that it is computed from those alone.
  public Digest digest() {
    return CanonicalJson.digest(digests());
  }

  /// How this one differs from `before`, part by part and item by item.
  public List<Difference> since(Fingerprint before) {
    var found = new ArrayList<Difference>();
    for (var part : Part.values()) {
      var was = before.parts.getOrDefault(part, MissingNode.getInstance());
      var now = parts.getOrDefault(part, MissingNode.getInstance());
      if (was.isObject() || now.isObject()) {
        items(part, was, now, found);
      } else {
        compare(part, "", was, now, found);
      }
    }
    return List.copyOf(found);
  }

  private static void items(Part part, JsonNode was, JsonNode now, List<Difference> found) {
    var names = new TreeSet<>(was.propertyNames());
    names.addAll(now.propertyNames());
    names.forEach(name -> compare(part, name, was.path(name), now.path(name), found));
  }

  private static void compare(
      Part part, String item, JsonNode was, JsonNode now, List<Difference> found) {
    if (isSame(was, now)) {
      return;
    }
    var direction =
        was.isMissingNode()
            ? Direction.ADDED
            : now.isMissingNode() ? Direction.REMOVED : Difference.direction(was, now);
    found.add(new Difference(part, item, direction, shown(was), shown(now)));
  }

  /// By their canonical form: one may have been read, and the other made.
  private static boolean isSame(JsonNode was, JsonNode now) {
    if (was.isMissingNode() || now.isMissingNode()) {
      return was.isMissingNode() == now.isMissingNode();
    }
    return CanonicalJson.digest(was).equals(CanonicalJson.digest(now));
  }

  private static String shown(JsonNode value) {
    var text = value.isString() ? value.stringValue() : value.toString();
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX - 1) + "…";
  }

  /// Makes one of values by part.
  public static Fingerprint of(Map<Part, JsonNode> parts) {
    return new Fingerprint(new TreeMap<>(parts));
  }
}
