package dev.remit.conformance.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// How a scenario of the official runner's client mode bears on Remit.
sealed interface Bearing {

  /// The scenario's server must see the same with Remit in between.
  ///
  /// @param butFor why single checks, by their id, differ all the same
  record Same(Map<String, String> butFor) implements Bearing {
    public Same {
      butFor = Map.copyOf(butFor);
    }
  }

  /// Remit takes the part of the scenario's server.
  ///
  /// @param instead what Remit does in its place
  /// @param tests what holds Remit to that, each as `Class.method`
  record RemitItself(String instead, List<String> tests) implements Bearing {
    public RemitItself {
      tests = List.copyOf(tests);
    }
  }

  /// Nothing of Remit corresponds to what is checked.
  record NotApplicable(String why) implements Bearing {}

  /// Returns the bearing of every known scenario, from `client-scenarios.yaml`.
  static Map<String, Bearing> all() {
    var bearings = new TreeMap<String, Bearing>();
    var yaml = yaml();
    texts(yaml.get("same")).forEach(name -> bearings.put(name, new Same(Map.of())));
    for (var row : rows(yaml.get("differs"))) {
      bearings.put(
          text(row.get("scenario")),
          new Same(Map.of(text(row.get("check")), text(row.get("why")))));
    }
    for (var row : rows(yaml.get("remit"))) {
      var bearing = new RemitItself(text(row.get("instead")), texts(row.get("tests")));
      texts(row.get("scenarios")).forEach(name -> bearings.put(name, bearing));
    }
    for (var row : rows(yaml.get("notApplicable"))) {
      var bearing = new NotApplicable(text(row.get("why")));
      texts(row.get("scenarios")).forEach(name -> bearings.put(name, bearing));
    }
    return bearings;
  }

  private static Map<?, ?> yaml() {
    try (var file = Bearing.class.getResourceAsStream("client-scenarios.yaml")) {
      if (file == null) {
        throw new IllegalStateException("client-scenarios.yaml is not on the class path");
      }
      return new Load(LoadSettings.builder().build()).loadFromInputStream(file)
              instanceof Map<?, ?> map
          ? map
          : Map.of();
    } catch (IOException e) {
      throw new UncheckedIOException("read client-scenarios.yaml", e);
    }
  }

  private static List<Map<?, ?>> rows(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list
        ? list.stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList()
        : List.of();
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  private static String text(@org.jspecify.annotations.Nullable Object value) {
    return String.valueOf(value);
  }
}
