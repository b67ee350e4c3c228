package dev.remit.server.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    var read = reader.section(type, yaml, "");
    if (read == null || !reader.mistakes.isEmpty()) {
      throw new SettingsWrong(reader.mistakes);
    }
    return type.cast(read);
  }

  private @Nullable Object section(Class<?> type, Yaml.Branch yaml, String path) {
    int before = mistakes.size();
    refuseUnknown(type, yaml);
    var components = type.getRecordComponents();
    var values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(components[i], yaml, path);
    }
    return mistakes.size() == before ? construct(type, values, yaml.place()) : null;
  }

  private void refuseUnknown(Class<?> type, Yaml.Branch yaml) {
    var known = Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    for (var key : yaml.children().keySet()) {
      if (!known.contains(key)) {
        mistakes.add(
            "%s: unknown key `%s`%s"
                .formatted(yaml.keyPlaces().get(key), key, suggestion(key, known)));
      }
    }
  }

  private static String suggestion(String key, List<String> known) {
    return Nearest.to(key, known)
        .map(near -> "; did you mean `" + near + "`?")
        .orElseGet(() -> "; known here: " + String.join(", ", known));
  }

  private @Nullable Object component(RecordComponent component, Yaml.Branch yaml, String path) {
    var key = component.getName();
    var found = Optional.ofNullable(yaml.children().get(key));
    var type = component.getType();
    if (type == List.class) {
      return found.map(node -> list(component, node)).orElse(List.of());
    }
    if (type.isRecord() && !Values.knows(type)) {
      return switch (found.orElseGet(Yaml::empty)) {
        case Yaml.Branch branch -> section(type, branch, path + key + ".");
        case Yaml.Text(var place, var text) when text.isEmpty() ->
            section(type, new Yaml.Branch(place, Map.of(), Map.of()), path + key + ".");
        case Yaml.Text other -> wrong(other, "`" + key + "` is a section with keys of its own");
        case Yaml.Items other -> wrong(other, "`" + key + "` is a section, not a list");
      };
    }
    return value(component, found, yaml, path + key);
  }

  private @Nullable Object value(
      RecordComponent component, Optional<Yaml> found, Yaml.Branch yaml, String path) {
    var override = overrides.get(path);
    if (override != null) {
      return parsed(
          component.getName(), component.getType(), new Yaml.Text("option for " + path, override));
    }
    var setting = setting(component);
    if (found.isEmpty() && setting.required()) {
      return wrong(yaml, "`" + component.getName() + "` is missing");
    }
    return switch (found.orElse(new Yaml.Text("default of " + path, setting.value()))) {
      case Yaml.Text text -> parsed(component.getName(), component.getType(), text);
      case Yaml other -> wrong(other, "`" + component.getName() + "` is a single value");
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
      case Yaml.Branch branch when type.isRecord() && !Values.knows(type) ->
          section(type, branch, "[].");
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

  /// The known word that a mistyped one most likely stands for.
  static final class Nearest {
    private Nearest() {}

    static Optional<String> to(String word, List<String> known) {
      return known.stream()
          .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
          .filter(best -> distance(word, best) <= Math.max(2, word.length() / 3));
    }

    /// Levenshtein distance, ignoring case.
    private static int distance(String from, String to) {
      var previous = new int[to.length() + 1];
      Arrays.setAll(previous, i -> i);
      for (int i = 1; i <= from.length(); i++) {
        var current = new int[to.length() + 1];
        current[0] = i;
        for (int j = 1; j <= to.length(); j++) {
          boolean same =
              Character.toLowerCase(from.charAt(i - 1)) == Character.toLowerCase(to.charAt(j - 1));
          int replaced = previous[j - 1] + (same ? 0 : 1);
          current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
        }
        previous = current;
      }
      return previous[to.length()];
    }
  }
}
