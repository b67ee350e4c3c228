package dev.remit.server.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Fills a tree of records from a file, with every default, and notices everything that is wrong
/// before it says so once.
public final class SettingsReader {
  private final Map<String, String> overrides;
  private final List<String> mistakes = new ArrayList<>();

  private SettingsReader(Map<String, String> overrides) {
    this.overrides = overrides;
  }

  /// Returns `type` filled from `yaml`. An override (`database.url` → text) wins over the file.
  ///
  /// @throws SettingsWrong with every unknown key and bad value, and where it stands
  public static <R extends Record> R read(
      Class<R> type, Yaml.Branch yaml, Map<String, String> overrides) {
    var reader = new SettingsReader(overrides);
    var read = reader.section(type, yaml, "", Map.of());
    if (read == null || !reader.mistakes.isEmpty()) {
      throw new SettingsWrong(reader.mistakes);
    }
    return type.cast(read);
  }

  /// @param given defaults that the parent sets for this section, over those of its components
  private @Nullable Object section(
      Class<?> type, Yaml.Branch yaml, String path, Map<String, String> given) {
    int before = mistakes.size();
    refuseUnknown(type, yaml);
    var components = type.getRecordComponents();
    var values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(components[i], yaml, path, given);
    }
    return mistakes.size() == before ? construct(type, values, yaml.place()) : null;
  }

  private void refuseUnknown(Class<?> type, Yaml.Branch yaml) {
    var known = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    for (var key : yaml.children().keySet()) {
      if (!known.contains(key)) {
        var remedy =
            renamed(type, key)
                .map(name -> "; it is called `" + name + "` now")
                .orElseGet(() -> suggestion(key, known));
        mistakes.add("%s: unknown key `%s`%s".formatted(yaml.keyPlaces().get(key), key, remedy));
      }
    }
  }

  private static Optional<String> renamed(Class<?> type, String key) {
    return Arrays.stream(type.getRecordComponents())
        .filter(component -> {
          var setting = component.getAnnotation(Setting.class);
          return setting != null && setting.formerly().equals(key);
        })
        .map(RecordComponent::getName)
        .findFirst();
  }

  private static String suggestion(String key, List<String> known) {
    return Nearest.to(key, known)
        .map(near -> "; did you mean `" + near + "`?")
        .orElseGet(() -> "; known here: " + String.join(", ", known));
  }

  private @Nullable Object component(
      RecordComponent component, Yaml.Branch yaml, String path, Map<String, String> given) {
    var key = component.getName();
    var found = Optional.ofNullable(yaml.children().get(key));
    var type = component.getType();
    if (type == List.class) {
      return found.map(node -> list(component, node)).orElse(List.of());
    }
    if (isSection(type)) {
      return section(component, found.orElseGet(Yaml::empty), path + key + ".");
    }
    return value(component, found, yaml, path + key, given);
  }

  private @Nullable Object section(RecordComponent component, Yaml found, String path) {
    var type = component.getType();
    var given = defaults(component);
    return switch (found) {
      case Yaml.Branch branch -> section(type, branch, path, given);
      case Yaml.Text(var place, var text) when text.isEmpty() ->
          section(type, new Yaml.Branch(place, Map.of(), Map.of()), path, given);
      case Yaml other -> wrong(other, "`" + component.getName() + "` has keys of its own");
    };
  }

  /// The defaults that a section's own [Setting] gives its keys, written `key=value key=value`.
  static Map<String, String> defaults(RecordComponent section) {
    var setting = section.getAnnotation(Setting.class);
    if (setting == null) {
      return Map.of();
    }
    return Arrays.stream(setting.value().split(" "))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));
  }

  static boolean isSection(Class<?> type) {
    return type.isRecord() && !Values.knows(type);
  }

  private @Nullable Object value(
      RecordComponent component,
      Optional<Yaml> found,
      Yaml.Branch yaml,
      String path,
      Map<String, String> given) {
    var key = component.getName();
    var override = overrides.get(path);
    if (override != null) {
      return parsed(key, component.getType(), new Yaml.Text("option for " + path, override));
    }
    var setting = setting(component);
    if (found.isEmpty() && setting.required()) {
      return wrong(yaml, "`" + key + "` is missing");
    }
    var standard = new Yaml.Text("default of " + path, given.getOrDefault(key, setting.value()));
    return switch (found.orElse(standard)) {
      case Yaml.Text text -> parsed(key, component.getType(), text);
      case Yaml other -> wrong(other, "`" + key + "` is a single value");
    };
  }

  private @Nullable Object parsed(String key, Class<?> type, Yaml.Text text) {
    try {
      return Values.parse(type, text.text());
    } catch (IllegalArgumentException e) {
      return wrong(text, "`%s` is `%s`: %s".formatted(key, text.text(), e.getMessage()));
    }
  }

  private List<Object> list(RecordComponent component, Yaml node) {
    var type = itemType(component);
    var read = new ArrayList<Object>();
    switch (node) {
      case Yaml.Items(var _, var items) ->
          items.forEach(item -> Optional.ofNullable(item(type, item)).ifPresent(read::add));
      case Yaml other -> wrong(other, "`" + component.getName() + "` is a list");
    }
    return List.copyOf(read);
  }

  private @Nullable Object item(Class<?> type, Yaml item) {
    return switch (item) {
      case Yaml.Branch branch when isSection(type) -> section(type, branch, "[].", Map.of());
      case Yaml.Text text when Values.knows(type) -> parsed("an item", type, text);
      case Yaml other -> wrong(other, "not an item of this list");
    };
  }

  static Class<?> itemType(RecordComponent component) {
    var list = (ParameterizedType) component.getGenericType();
    return (Class<?>) list.getActualTypeArguments()[0];
  }

  static Setting setting(RecordComponent component) {
    var setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalStateException("`" + component + "` has no @Setting");
    }
    return setting;
  }

  private @Nullable Object construct(Class<?> type, @Nullable Object[] values, String place) {
    var types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        mistakes.add(place + ": " + refused.getMessage());
        return null;
      }
      throw new IllegalStateException("making " + type.getName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("making " + type.getName(), e);
    }
  }

  private @Nullable Object wrong(Yaml at, String why) {
    mistakes.add(at.place() + ": " + why);
    return null;
  }
}
