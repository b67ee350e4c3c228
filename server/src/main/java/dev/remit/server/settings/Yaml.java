package dev.remit.server.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A YAML file as a tree in which everything knows its place.
public sealed interface Yaml {

  /// Where it begins, as `file:line`.
  String place();

  /// A single value, as written. Empty text for nothing.
  record Text(String place, String text) implements Yaml {}

  /// Keys in the order of the file.
  record Branch(String place, Map<String, Yaml> children, Map<String, String> keyPlaces)
      implements Yaml {
    public Branch {
      children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
      keyPlaces = Map.copyOf(keyPlaces);
    }
  }

  record Items(String place, List<Yaml> items) implements Yaml {
    public Items {
      items = List.copyOf(items);
    }
  }

  static Branch empty() {
    return new Branch("the defaults", Map.of(), Map.of());
  }

  /// Reads a file.
  ///
  /// @throws SettingsWrong when the file cannot be read or is not one YAML mapping
  static Branch read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new SettingsWrong(List.of(file + ": cannot be read: " + e.getMessage()));
    }
  }

  /// Reads a text.
  ///
  /// @param file what to call it in messages
  /// @throws SettingsWrong when the text is not one YAML mapping
  static Branch parse(String file, String text) {
    try {
      var root = new Compose(LoadSettings.builder().setLabel(file).build()).composeString(text);
      if (root.isEmpty()) {
        return new Branch(file, Map.of(), Map.of());
      }
      if (node(file, root.get()) instanceof Branch branch) {
        return branch;
      }
      throw new SettingsWrong(List.of(file + ":1: expected keys and values"));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new SettingsWrong(List.of(file + ":" + line + ": " + e.getProblem()));
    } catch (YamlEngineException e) {
      throw new SettingsWrong(List.of(file + ": " + e.getMessage()));
    }
  }

  private static Yaml node(String file, Node node) {
    var place = place(file, node);
    return switch (node) {
      case ScalarNode scalar ->
          new Text(place, scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue());
      case SequenceNode items ->
          new Items(place, items.getValue().stream().map(item -> node(file, item)).toList());
      case MappingNode mapping -> branch(file, place, mapping);
      default -> throw new SettingsWrong(List.of(place + ": expected a plain value"));
    };
  }

  private static Branch branch(String file, String place, MappingNode mapping) {
    var children = new LinkedHashMap<String, Yaml>();
    var keyPlaces = new LinkedHashMap<String, String>();
    for (var pair : mapping.getValue()) {
      var keyPlace = place(file, pair.getKeyNode());
      if (!(pair.getKeyNode() instanceof ScalarNode key)) {
        throw new SettingsWrong(List.of(keyPlace + ": a key is a plain word"));
      }
      if (children.put(key.getValue(), node(file, pair.getValueNode())) != null) {
        throw new SettingsWrong(
            List.of(keyPlace + ": the key `" + key.getValue() + "` comes twice"));
      }
      keyPlaces.put(key.getValue(), keyPlace);
    }
    return new Branch(place, children, keyPlaces);
  }

  private static String place(String file, Node node) {
    return file + ":" + node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
