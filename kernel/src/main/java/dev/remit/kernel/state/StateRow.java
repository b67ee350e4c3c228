package dev.remit.kernel.state;

import dev.remit.kernel.canonical.CanonicalJson;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/// One row of the state, as a table has it.
///
/// A line of JSON: `kind` (a noun such as `approval`), `key` (which one), and `columns`, each a
/// string, an integer, a boolean or a list of strings. Times are RFC 3339 in UTC with microseconds,
/// as in entries; what is secret or bulky is there as a digest.
///
/// Errors: a line of another form is an [IllegalArgumentException].
///
/// Source: `docs/formats/state.md`.
public final class StateRow {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final String kind;
  private final String key;
  private final Map<String, JsonNode> columns = new TreeMap<>();

  private StateRow(String kind, String key) {
    this.kind = kind;
    this.key = key;
  }

  /// Returns a row without columns, to be filled by the one who reads it.
  public static StateRow of(String kind, String key) {
    return new StateRow(kind, key);
  }

  /// Reads what [#line] wrote.
  public static StateRow parse(String line) {
    try {
      var json = CanonicalJson.parse(line);
      var row = new StateRow(text(json, "kind"), text(json, "key"));
      json.path("columns").forEachEntry(row.columns::put);
      return row;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("a row of the state is not JSON", e);
    }
  }

  public String kind() {
    return kind;
  }

  public String key() {
    return key;
  }

  public Optional<JsonNode> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }

  public StateRow with(String column, String value) {
    columns.put(column, StringNode.valueOf(value));
    return this;
  }

  public StateRow with(String column, long value) {
    columns.put(column, LongNode.valueOf(value));
    return this;
  }

  public StateRow with(String column, boolean value) {
    columns.put(column, BooleanNode.valueOf(value));
    return this;
  }

  public StateRow with(String column, Instant value) {
    return with(column, time(value));
  }

  public StateRow with(String column, List<String> values) {
    var list = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(list::add);
    columns.put(column, list);
    return this;
  }

  /// Adds a column that is a JSON value of its own.
  ///
  /// @param value not to be changed any more
  public StateRow with(String column, JsonNode value) {
    columns.put(column, value);
    return this;
  }

  /// Returns the row as canonical JSON, without a line end.
  public String line() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind);
    json.put("key", key);
    json.putObject("columns").setAll(columns);
    return CanonicalJson.text(json);
  }

  /// Returns a time as rows and entries write it.
  static String time(Instant at) {
    return MICROS.format(at);
  }

  private static String text(JsonNode json, String member) {
    var value = json.path(member);
    if (!value.isString()) {
      throw new IllegalArgumentException("a row of the state has no text `" + member + "`");
    }
    return value.stringValue();
  }
}
