package dev.remit.server.settings;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;

/// The reference page of a settings tree: every key with its default, unit and meaning.
public final class Reference {
  private final StringBuilder page = new StringBuilder();

  private Reference() {}

  /// Returns Markdown tables, one per section, in the order of the records.
  public static String of(Class<? extends Record> type) {
    var reference = new Reference();
    reference.section(type, "", Map.of());
    return reference.page.toString();
  }

  private void section(Class<?> type, String path, Map<String, String> given) {
    var components = List.of(type.getRecordComponents());
    page.append("## ").append(path.isEmpty() ? "Top level" : "`" + path + "`").append("\n\n");
    page.append("| Key | Default | Unit | What it decides |\n|---|---|---|---|\n");
    components.stream()
        .filter(component -> !SettingsReader.isSection(component.getType()))
        .forEach(component -> row(component, given));
    page.append('\n');
    var prefix = path.isEmpty() ? "" : path + ".";
    for (var component : components) {
      var name = prefix + component.getName();
      if (component.getType() == List.class) {
        var item = SettingsReader.itemType(component);
        if (!Values.knows(item)) {
          section(item, name + "[]", Map.of());
        }
      } else if (SettingsReader.isSection(component.getType())) {
        section(component.getType(), name, SettingsReader.defaults(component));
      }
    }
  }

  private void row(RecordComponent component, Map<String, String> given) {
    var setting = SettingsReader.setting(component);
    boolean list = component.getType() == List.class;
    var unit = list ? "list" : Values.unit(component.getType());
    var standard = given.getOrDefault(component.getName(), setting.value());
    page.append(
        "| `%s` | %s | %s | %s |\n"
            .formatted(component.getName(), shown(setting, standard, list), unit, setting.says()));
  }

  private static String shown(Setting setting, String standard, boolean list) {
    if (list) {
      return "none";
    }
    if (setting.required()) {
      return "required";
    }
    return standard.isEmpty() ? "—" : "`" + standard + "`";
  }
}
