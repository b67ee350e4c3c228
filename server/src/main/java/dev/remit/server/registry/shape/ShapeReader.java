package dev.remit.server.registry.shape;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads one YAML document against a [Shape], collecting every flaw rather than stopping at the
/// first.
///
/// Strict: unknown, missing and repeated keys, other types, explicit tags, aliases and merge keys
/// are flaws. The result is complete JSON: fallbacks filled in, times in UTC, sets sorted. What
/// could not be read is left out, so use the result only when there is no error.
public final class ShapeReader {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final List<Flaw> flaws;
  private final Places places;
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  public ShapeReader(String file, Node document, List<Flaw> flaws) {
    this.flaws = flaws;
    this.places = new Places(YamlText.place(file, document));
  }

  public Places places() {
    return places;
  }

  /// Returns where `node` of `file` starts.
  public static Place place(String file, Node node) {
    return YamlText.place(file, node);
  }

  /// Returns what `node` holds, if it has the right form.
  public Optional<JsonNode> read(Node node, Shape shape, String path) {
    var place = YamlText.place(places.start().file(), node);
    places.put(path, place);
    if (!seen.add(node) || node.getAnchor().isPresent()) {
      return wrong(place, "an anchor or alias is used here", "write the value out");
    }
    return switch (shape) {
      case Shape.Text text -> text(node, text, place);
      case Shape.OneWord(var words) -> word(node, words, place);
      case Shape.Count count -> count(node, count, place);
      case Shape.Moment() -> moment(node, place);
      case Shape.ListOf list -> list(node, list, path, place);
      case Shape.SetOf set -> set(node, set, path, place);
      case Shape.MapOf map -> map(node, map, path, place);
      case Shape.Fields(var fields) -> fields(node, fields, path, place);
      case Shape.Choice(var variants) -> choice(node, variants, path, place);
      case Shape.TextOr(var text, var fields) ->
          node instanceof MappingNode
              ? fields(node, fields.fields(), path, place)
              : text(node, text, place);
      case Shape.Open(var what) -> open(node, what, path, place);
    };
  }

  private Optional<JsonNode> text(Node node, Shape.Text shape, Place place) {
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
      return wrong(
          place,
          "expected " + shape.what() + ", found " + YamlText.what(node),
          node instanceof ScalarNode ? "put it in quotes" : "write text");
    }
    var text = scalar.getValue();
    if (text.length() < shape.lengthMin() || text.length() > shape.lengthMax()) {
      return wrong(
          place,
          shape.what() + " has " + text.length() + " characters",
          "use " + shape.lengthMin() + " to " + shape.lengthMax());
    }
    if (!YamlText.isPlain(text)) {
      return wrong(place, shape.what() + " holds a control character", "remove it");
    }
    try {
      shape.check().accept(text);
    } catch (IllegalArgumentException e) {
      return wrong(place, String.valueOf(e.getMessage()), "correct it; expected " + shape.what());
    }
    return Optional.of(JSON.stringNode(text));
  }

  private Optional<JsonNode> word(Node node, List<String> words, Place place) {
    if (!(node instanceof ScalarNode scalar)) {
      return wrong(
          place, "expected a word, found " + YamlText.what(node), "use one of " + listed(words));
    }
    if (!words.contains(scalar.getValue())) {
      return wrong(
          place,
          "`" + YamlText.shortened(scalar.getValue()) + "` is not one of " + listed(words),
          Nearest.remedy(scalar.getValue(), words));
    }
    return Optional.of(JSON.stringNode(scalar.getValue()));
  }

  private Optional<JsonNode> count(Node node, Shape.Count shape, Place place) {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      try {
        long value = Long.parseLong(scalar.getValue());
        if (value >= shape.min() && value <= shape.max()) {
          return Optional.of(JSON.numberNode(value));
        }
      } catch (NumberFormatException _) {
        // Larger than a long, so outside every range too.
      }
    }
    return wrong(
        place,
        "expected a whole number from " + shape.min() + " to " + shape.max(),
        "write such a number, without quotes");
  }

  private Optional<JsonNode> moment(Node node, Place place) {
    if (node instanceof ScalarNode scalar) {
      try {
        return Optional.of(JSON.stringNode(instant(scalar.getValue()).toString()));
      } catch (DateTimeException _) {
        // Said below, in our words.
      }
    }
    return wrong(
        place,
        "expected a date or time",
        "write a date such as 2027-02-01 (it means the start of that day, UTC) or a time such as"
            + " 2027-02-01T12:00:00Z");
  }

  private static Instant instant(String text) {
    return text.length() == "2027-02-01".length()
        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
        : OffsetDateTime.parse(text).toInstant();
  }

  private Optional<JsonNode> list(Node node, Shape.ListOf shape, String path, Place place) {
    var items = items(node, shape.item(), path, place, shape.sizeMin(), shape.sizeMax());
    return items.map(found -> JSON.arrayNode().addAll(found));
  }

  private Optional<JsonNode> set(Node node, Shape.SetOf shape, String path, Place place) {
    var items = items(node, shape.item(), path, place, shape.sizeMin(), shape.sizeMax());
    return items.flatMap(found -> {
      var sorted = new TreeMap<String, JsonNode>();
      for (var item : found) {
        if (sorted.put(item.asString(), item) != null) {
          return wrong(place, "`" + item.asString() + "` comes twice", "list it once");
        }
      }
      return Optional.of(JSON.arrayNode().addAll(sorted.values()));
    });
  }

  private Optional<List<JsonNode>> items(
      Node node, Shape item, String path, Place place, int sizeMin, int sizeMax) {
    if (!(node instanceof SequenceNode sequence)) {
      wrong(
          place, "expected a list, found " + YamlText.what(node), "write `[…]` or lines with `-`");
      return Optional.empty();
    }
    int size = sequence.getValue().size();
    if (size < sizeMin || size > sizeMax) {
      wrong(
          place,
          "the list has " + size + (size == 1 ? " item" : " items"),
          "list " + sizeMin + " to " + sizeMax);
      return Optional.empty();
    }
    var read = new ArrayList<JsonNode>(size);
    for (int i = 0; i < size; i++) {
      read(sequence.getValue().get(i), item, path + "[" + i + "]").ifPresent(read::add);
    }
    return read.size() == size ? Optional.of(read) : Optional.empty();
  }

  private Optional<JsonNode> map(Node node, Shape.MapOf shape, String path, Place place) {
    var written = members(node, place);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (written.get().size() > shape.sizeMax()) {
      return wrong(
          place, "there are " + written.get().size() + " keys", "use at most " + shape.sizeMax());
    }
    var object = JSON.objectNode();
    boolean complete = true;
    for (var member : written.get().entrySet()) {
      var inner = path + "." + member.getKey();
      var name = text(member.getValue().key(), shape.name(), member.getValue().place());
      var value = read(member.getValue().value(), shape.value(), inner);
      value.ifPresent(found -> object.set(member.getKey(), found));
      complete &= name.isPresent() && value.isPresent();
    }
    return complete ? Optional.of(object) : Optional.empty();
  }

  private Optional<JsonNode> fields(Node node, List<Field> fields, String path, Place place) {
    var written = members(node, place);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    boolean complete = refuseUnknown(written.get(), fields, path);
    var object = JSON.objectNode();
    for (var field : fields) {
      var member = written.get().get(field.name());
      if (member != null) {
        var value = read(member.value(), field.shape(), inside(path, field.name()));
        value.ifPresent(found -> object.set(field.name(), found));
        complete &= value.isPresent();
      } else if (field.required()) {
        wrong(
            place,
            "`" + inside(path, field.name()) + "` is missing",
            "add `" + field.name() + "`: " + field.meaning());
        complete = false;
      } else {
        field.fallback().ifPresent(value -> object.set(field.name(), value.deepCopy()));
      }
    }
    return complete ? Optional.of(object) : Optional.empty();
  }

  private Optional<JsonNode> choice(Node node, List<Field> variants, String path, Place place) {
    var written = members(node, place);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (!refuseUnknown(written.get(), variants, path)) {
      return Optional.empty();
    }
    if (written.get().size() != 1) {
      var names = variants.stream().map(Field::name).toList();
      return wrong(
          place,
          "expected exactly one of " + listed(names) + ", found " + written.get().size(),
          "keep one of them");
    }
    return fields(node, taken(variants, written.get()), path, place);
  }

  private static List<Field> taken(List<Field> variants, Map<String, YamlText.Member> written) {
    return variants.stream().filter(variant -> written.containsKey(variant.name())).toList();
  }

  private boolean refuseUnknown(
      Map<String, YamlText.Member> written, List<Field> fields, String path) {
    var known = fields.stream().map(Field::name).toList();
    boolean all = true;
    for (var member : written.entrySet()) {
      if (!known.contains(member.getKey())) {
        var key = YamlText.shortened(member.getKey());
        wrong(
            member.getValue().place(),
            "`" + inside(path, key) + "` is not a known key",
            Nearest.remedy(member.getKey(), known));
        all = false;
      }
    }
    return all;
  }

  private Optional<JsonNode> open(Node node, String what, String path, Place place) {
    if (!(node instanceof MappingNode)) {
      return wrong(place, "expected " + what + ", found " + YamlText.what(node), "write a mapping");
    }
    return anything(node, path, 0);
  }

  private Optional<JsonNode> anything(Node node, String path, int depth) {
    var place = YamlText.place(places.start().file(), node);
    places.put(path, place);
    if (depth > 0 && (!seen.add(node) || node.getAnchor().isPresent())) {
      return wrong(place, "an anchor or alias is used here", "write the value out");
    }
    return switch (node) {
      case MappingNode _ -> anyObject(node, path, depth, place);
      case SequenceNode sequence -> anyList(sequence, path, depth);
      case ScalarNode scalar -> {
        var value = YamlText.value(scalar);
        yield value.isPresent()
            ? value
            : wrong(
                place, "`" + scalar.getTag() + "` is not a JSON value", "write it as JSON does");
      }
      default -> wrong(place, "not a JSON value", "write it as JSON does");
    };
  }

  private Optional<JsonNode> anyList(SequenceNode sequence, String path, int depth) {
    var array = JSON.arrayNode();
    for (var item : sequence.getValue()) {
      anything(item, path + "[" + array.size() + "]", depth + 1).ifPresent(array::add);
    }
    return array.size() == sequence.getValue().size() ? Optional.of(array) : Optional.empty();
  }

  private Optional<JsonNode> anyObject(Node node, String path, int depth, Place place) {
    var written = members(node, place);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode object = JSON.objectNode();
    written
        .get()
        .forEach((name, member) ->
            anything(member.value(), inside(path, name), depth + 1)
                .ifPresent(value -> object.set(name, value)));
    return object.size() == written.get().size() ? Optional.of(object) : Optional.empty();
  }

  private Optional<Map<String, YamlText.Member>> members(Node node, Place place) {
    if (!(node instanceof MappingNode mapping)) {
      wrong(
          place,
          "expected a mapping of keys to values, found " + YamlText.what(node),
          "write `key: value` lines");
      return Optional.empty();
    }
    var members = new LinkedHashMap<String, YamlText.Member>();
    var twice = new HashSet<String>();
    for (var tuple : mapping.getValue()) {
      var at = YamlText.place(place.file(), tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key) || !YamlText.isPlain(key.getValue())) {
        wrong(at, "a key must be plain text", "write it as text");
        return Optional.empty();
      }
      var member = new YamlText.Member(key, at, tuple.getValueNode());
      if (members.putIfAbsent(key.getValue(), member) != null && twice.add(key.getValue())) {
        wrong(at, "`" + YamlText.shortened(key.getValue()) + "` comes twice", "keep one of them");
      }
    }
    return twice.isEmpty() ? Optional.of(members) : Optional.empty();
  }

  private <T> Optional<T> wrong(Place place, String message, String remedy) {
    flaws.add(Flaw.error("form", place, message, remedy));
    return Optional.empty();
  }

  private static String inside(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String listed(List<String> words) {
    return String.join(", ", words);
  }
}
