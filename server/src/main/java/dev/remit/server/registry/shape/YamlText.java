package dev.remit.server.registry.shape;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Splits a YAML text into documents and tells what a node is.
///
/// Bounds: 1 MiB of text a file, 64 levels of nesting.
///
/// Source: YAML 1.2.2, JSON schema (dates and words such as `yes` are text).
public final class YamlText {
  private static final int CHARS_MAX = 1 << 20;
  private static final int DEPTH_MAX = 64;
  private static final int NUMBER_MAX = 40;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private YamlText() {}

  /// One key of a mapping as written.
  record Member(Node key, Place place, Node value) {}

  /// Returns the documents of `text`; those before a syntax error are returned all the same.
  public static List<Node> documents(String file, String text, List<Flaw> flaws) {
    var documents = new ArrayList<Node>();
    if (text.length() > CHARS_MAX) {
      flaws.add(form(new Place(file, 0, 0), "larger than 1 MiB", "split it into several files"));
      return documents;
    }
    var settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
    try {
      var deep = tooDeep(settings, text);
      if (deep.isPresent()) {
        var place = place(file, deep.get().getStartMark());
        flaws.add(form(place, "nested deeper than " + DEPTH_MAX + " levels", "make it flatter"));
        return documents;
      }
      for (var document : new Compose(settings).composeAllFromString(text)) {
        documents.add(document);
      }
    } catch (MarkedYamlEngineException e) {
      flaws.add(form(place(file, e.getProblemMark()), said(e), "correct the YAML at this place"));
    } catch (YamlEngineException e) {
      flaws.add(form(new Place(file, 0, 0), "not valid YAML: " + e.getMessage(), "correct it"));
    }
    return documents;
  }

  static Place place(String file, Node node) {
    return place(file, node.getStartMark());
  }

  private static Place place(String file, Optional<Mark> mark) {
    return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1))
        .orElse(new Place(file, 0, 0));
  }

  private static Flaw form(Place place, String message, String remedy) {
    return Flaw.error("form", place, message, remedy);
  }

  /// Whether `text` holds only characters that can be stored and shown.
  static boolean isPlain(String text) {
    return text.codePoints()
        .noneMatch(c ->
            (Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r')
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  static String what(Node node) {
    return switch (node) {
      case MappingNode _ -> "a mapping";
      case SequenceNode _ -> "a list";
      case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "nothing";
      case ScalarNode scalar when scalar.getTag().equals(Tag.STR) -> "text";
      case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) -> "true or false";
      case ScalarNode scalar
          when scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT) ->
          "a number";
      default -> "something with the tag `" + node.getTag() + "`";
    };
  }

  static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  /// Returns the JSON value of a scalar, unless it has none (`.nan`, a foreign tag).
  static Optional<JsonNode> value(ScalarNode scalar) {
    var text = scalar.getValue();
    var tag = scalar.getTag();
    if (tag.equals(Tag.STR)) {
      return isPlain(text) ? Optional.of(JSON.stringNode(text)) : Optional.empty();
    }
    if (tag.equals(Tag.BOOL)) {
      return Optional.of(JSON.booleanNode(Boolean.parseBoolean(text)));
    }
    if (tag.equals(Tag.NULL)) {
      return Optional.of(JSON.nullNode());
    }
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? number(text) : Optional.empty();
  }

  private static Optional<JsonNode> number(String text) {
    try {
      var value = new BigDecimal(text.length() > NUMBER_MAX ? "too long" : text);
      if (value.scale() == 0) {
        return Optional.of(JSON.numberNode(value.toBigInteger()));
      }
      return Double.isInfinite(value.doubleValue())
          ? Optional.empty()
          : Optional.of(JSON.numberNode(value.doubleValue()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// The composer recurses, the parser does not; so the parser looks first.
  private static Optional<Event> tooDeep(LoadSettings settings, String text) {
    int depth = 0;
    for (var event : new Parse(settings).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case Alias, Comment, DocumentEnd, DocumentStart, Scalar, StreamEnd, StreamStart -> {}
      }
      if (depth > DEPTH_MAX) {
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  private static String said(MarkedYamlEngineException e) {
    var problem = String.valueOf(e.getProblem());
    return "not valid YAML: " + problem.lines().findFirst().orElse("unreadable");
  }
}
