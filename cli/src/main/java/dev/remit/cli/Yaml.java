package dev.remit.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.JsonNode;

/// Writes a JSON value as YAML 1.2, in block style.
public final class Yaml {

  private Yaml() {}

  public static String text(JsonNode value) {
    var settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(100)
            .setSplitLines(false)
            .build();
    return new Dump(settings).dumpToString(plain(value));
  }

  private static @Nullable Object plain(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> {
        var map = new LinkedHashMap<String, @Nullable Object>();
        value.properties().forEach(member -> map.put(member.getKey(), plain(member.getValue())));
        yield map;
      }
      // Each list its own: the one empty list of `toList` would be written once and then aliased.
      case ARRAY -> new ArrayList<>(value.valueStream().map(Yaml::plain).toList());
      case STRING -> value.stringValue();
      case NUMBER -> value.numberValue();
      case BOOLEAN -> value.booleanValue();
      case NULL, MISSING -> null;
      case BINARY, POJO -> value.asString();
    };
  }
}
