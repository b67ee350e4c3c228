package dev.remit.server.registry.shape;

import java.util.List;

/// Says the keys of a [Shape] as rows of a Markdown table, for the reference page.
public final class ShapeTable {
  private final StringBuilder rows = new StringBuilder();

  private ShapeTable() {}

  /// Returns a table with one row for each key below `path`, outermost first.
  public static String of(String path, List<Field> fields) {
    var table = new ShapeTable();
    table.rows.append("| Key | Form | Needed | Meaning |\n|---|---|---|---|\n");
    table.add(path, fields);
    return table.rows.toString();
  }

  private void add(String path, List<Field> fields) {
    for (var field : fields) {
      var inner = path + "." + field.name();
      rows.append("| `").append(inner).append("` | ").append(form(field.shape()));
      rows.append(" | ").append(needed(field)).append(" | ");
      rows.append(field.meaning()).append(" |\n");
      inside(inner, field.shape());
    }
  }

  private void inside(String path, Shape shape) {
    switch (shape) {
      case Shape.Fields(var fields) -> add(path, fields);
      case Shape.Choice(var variants) -> add(path, variants);
      case Shape.ListOf(var item, _, _) -> inside(path + "[]", item);
      case Shape.SetOf(var item, _, _) -> inside(path + "[]", item);
      case Shape.MapOf(_, var value, _) -> inside(path + ".*", value);
      case Shape.TextOr(_, var fields) -> add(path, fields.fields());
      case Shape.Text _, Shape.OneWord _, Shape.Count _, Shape.Moment _, Shape.Open _ -> {}
    }
  }

  private static String needed(Field field) {
    if (field.required()) {
      return "yes";
    }
    return field.fallback().map(value -> "no; `" + value + "`").orElse("no");
  }

  private static String form(Shape shape) {
    return switch (shape) {
      case Shape.Text text -> text.what() + ", " + text.lengthMin() + "–" + text.lengthMax();
      case Shape.OneWord(var words) -> "`" + String.join("` `", words) + "`";
      case Shape.Count(var min, var max) -> "whole number, " + min + "–" + max;
      case Shape.Moment() -> "date or time";
      case Shape.ListOf(var item, var min, var max) -> listed("list", item, min, max);
      case Shape.SetOf(var item, var min, var max) -> listed("set", item, min, max);
      case Shape.MapOf(_, var value, var max) -> "map to " + form(value) + "; at most " + max;
      case Shape.Fields _ -> "mapping";
      case Shape.Choice _ -> "exactly one of its keys";
      case Shape.TextOr(var text, _) -> form(text) + ", or mapping";
      case Shape.Open(var what) -> what;
    };
  }

  private static String listed(String word, Shape item, int min, int max) {
    return word + " of " + min + "–" + max + ": " + form(item);
  }
}
