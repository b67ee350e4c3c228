package dev.remit.server.gateway;

import dev.remit.kernel.policy.Obligation;
import dev.remit.server.decisions.ExactJson;
import dev.remit.server.gateway.wire.MessageReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Replaces named fields in what a server answers, or says why that cannot be done reliably.
///
/// Names are compared without regard to case. Text that is itself JSON is opened. A field that is
/// found where a path does not expect it, and a name in text that cannot be opened, are doubts, and
/// a doubt withholds the whole. Rules: `docs/formats/policy.md`, "Redaction".
///
/// Used for one answer.
final class Redactor {
  static final String MARK = "[redacted]";

  private final MessageReader reader;
  private final Set<String> anywhere = new HashSet<>();
  private final List<Path> paths = new ArrayList<>();
  private final Pattern telling;
  private int count;

  /// A path, split; each segment in lower case.
  private record Path(List<String> segments) {

    String first() {
      return segments.getFirst();
    }

    String last() {
      return segments.getLast();
    }
  }

  /// How far into a path the walk is.
  private record Place(Path path, int segments) {}

  /// The answer cannot be redacted reliably.
  static final class Doubt extends Exception {
    Doubt(String message) {
      super(message, null, false, false);
    }
  }

  Redactor(List<Obligation.Redact> redactions, MessageReader reader) {
    this.reader = reader;
    var names = new ArrayList<String>();
    for (var redact : redactions) {
      var field = redact.field().toLowerCase(Locale.ROOT);
      if (redact.isAnywhere()) {
        anywhere.add(field);
        names.add(field);
      } else {
        var path = new Path(segments(field));
        paths.add(path);
        names.add(path.last());
      }
    }
    telling =
        Pattern.compile(
            "(?:"
                + String.join("|", names.stream().map(Pattern::quote).toList())
                + ")"
                + "[\"'\\\\\\s]*[:=]",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static List<String> segments(String pointer) {
    var segments = new ArrayList<String>();
    for (var segment : pointer.substring(1).split("/", -1)) {
      segments.add(segment.replace("~1", "/").replace("~0", "~"));
    }
    return List.copyOf(segments);
  }

  /// How many fields were replaced.
  int count() {
    return count;
  }

  /// Returns text that must be a JSON object or array, redacted.
  String text(String json) throws Doubt {
    if (json.isBlank()) {
      return json;
    }
    JsonNode value;
    try {
      value = reader.exactTree(json);
    } catch (JacksonException e) {
      throw new Doubt("it is text, and not JSON without doubt");
    }
    if (!value.isContainer()) {
      throw new Doubt("it is plain text");
    }
    return new String(ExactJson.bytes(document(value)), StandardCharsets.UTF_8);
  }

  /// Returns `value`, redacted in place.
  JsonNode document(JsonNode value) throws Doubt {
    var walk = new Walk();
    var redacted = walk.value(value, List.of(), Set.of());
    walk.check();
    return redacted;
  }

  /// One document. Paths may begin at any depth, so that wrapping does not hide a field.
  private final class Walk {
    private final Set<Path> begun = new HashSet<>();
    private final Set<Path> elsewhere = new HashSet<>();

    JsonNode value(JsonNode value, List<Place> places, Set<Path> beneath) throws Doubt {
      if (value instanceof ObjectNode object) {
        for (var name : List.copyOf(object.propertyNames())) {
          object.set(name, member(name, object.get(name), places, beneath));
        }
        return object;
      }
      if (value instanceof ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, member(Integer.toString(i), array.get(i), places, beneath));
        }
        return array;
      }
      return value.isString() ? leaf(value.stringValue()) : value;
    }

    private JsonNode member(String name, JsonNode value, List<Place> places, Set<Path> beneath)
        throws Doubt {
      var key = name.toLowerCase(Locale.ROOT);
      var next = new ArrayList<Place>();
      var under = beneath;
      boolean hit = anywhere.contains(key);
      for (var place : places) {
        hit |= step(place, key, next);
      }
      for (var path : paths) {
        if (matches(path.first(), key)) {
          begun.add(path);
          under = with(under, path);
          hit |= step(new Place(path, 0), key, next);
        }
      }
      if (hit) {
        count++;
        return value.isString() ? StringNode.valueOf(MARK) : NullNode.getInstance();
      }
      for (var path : paths) {
        if (key.equals(path.last()) && beneath.contains(path)) {
          throw new Doubt("there is a `" + path.last() + "` where its path does not lead");
        }
        if (key.equals(path.last())) {
          elsewhere.add(path);
        }
      }
      return value(value, next, under);
    }

    /// @return whether the path ends here
    private boolean step(Place place, String key, List<Place> next) {
      if (!matches(place.path().segments().get(place.segments()), key)) {
        return false;
      }
      if (place.segments() + 1 == place.path().segments().size()) {
        return true;
      }
      next.add(new Place(place.path(), place.segments() + 1));
      return false;
    }

    private JsonNode leaf(String text) throws Doubt {
      var start = text.stripLeading();
      if (start.startsWith("{") || start.startsWith("[")) {
        try {
          var inner = reader.exactTree(text);
          int before = count;
          var redacted = document(inner);
          return StringNode.valueOf(
              count == before
                  ? text
                  : new String(ExactJson.bytes(redacted), StandardCharsets.UTF_8));
        } catch (JacksonException e) {
          // Not JSON without doubt, so it is looked at as text.
        }
      }
      if (telling.matcher(text).find()) {
        throw new Doubt("a text in it names a field that is to be redacted");
      }
      return StringNode.valueOf(text);
    }

    private void check() throws Doubt {
      for (var path : elsewhere) {
        if (!begun.contains(path)) {
          throw new Doubt("there is a `" + path.last() + "` and nothing where its path begins");
        }
      }
    }
  }

  private static boolean matches(String segment, String key) {
    return segment.equals("*") || segment.equals(key);
  }

  private static Set<Path> with(Set<Path> paths, Path path) {
    var all = new HashSet<>(paths);
    all.add(path);
    return all;
  }
}
