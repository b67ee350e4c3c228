package dev.remit.server.settings;

import java.lang.reflect.RecordComponent;
import java.util.List;

/// The reference page of a settings tree: every key with its default, unit and meaning.
public final class Reference {
  private final StringBuilder page = new StringBuilder();

  private Reference() {}

  /// Returns Markdown tables, one per section, in the order of the records.
  public static String of(Class<? extends Record> type) {
    var reference = new Reference();
    reference.section(type, "");
    return reference.page.toString();
  }

  private void section(Class<?> type, String path) {
    var components = List.of(type.getRecordComponents());
    page.append("## ").append(path.isEmpty() ? "Top level" : "`" + path + "`").append("\n\n");
    page.append("| Key | Default | Unit | What it decides |\n|---|---|---|---|\n");
    components.stream().filter(c -> !isSection(c)).forEach(this::row);
    page.append('\n');
    var prefix = path.isEmpty() ? "" : path + ".";
    for (var component : components) {
      var name = prefix + component.getName();
      if (component.getType() == List.class) {
        var item = SettingsReader.itemType(component);
        if (!Values.knows(item)) {
          section(item, name + "[]");
        }
      } else if (isSection(component)) {
        section(component.getType(), name);
      }
    }
  }

  private static boolean isSection(RecordComponent component) {
    var type = component.getType();
    return type.isRecord() && !Values.knows(type);
  }

  private void row(RecordComponent component) {
    var setting = SettingsReader.setting(component);
    boolean list = component.getType() == List.class;
    var unit = list ? "list" : Values.unit(component.getType());
    page.append(
        "| `%s` | %s | %s | %s |\n"
            .formatted(component.getName(), def(setting, list), unit, setting.says()));
  }

  private static String def(Setting setting, boolean list) {
    if (list) {
      return "none";
    }
    if (setting.required()) {
      return "required";
    }
    return setting.value().isEmpty() ? "—" : "`" + setting.value() + "`";
  }
}
