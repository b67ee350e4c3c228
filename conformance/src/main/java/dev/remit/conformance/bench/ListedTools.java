package dev.remit.conformance.bench;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tools that the benchmarks' upstream lists: `echo`, and after it others that look like those
/// of a real server, about 400 bytes each.
final class ListedTools {
  private static final String ECHO =
      "{\"name\":\"echo\",\"description\":\"Says ok\",\"inputSchema\":{\"type\":\"object\","
          + "\"properties\":{\"n\":{\"type\":\"integer\"},\"text\":{\"type\":\"string\"}},"
          + "\"additionalProperties\":false}}";

  private ListedTools() {}

  static List<JsonNode> of(int count) {
    var tools = new ArrayList<JsonNode>(count);
    tools.add(JsonMapper.shared().readTree(ECHO));
    for (int i = 1; i < count; i++) {
      tools.add(record(i));
    }
    return tools;
  }

  private static ObjectNode record(int i) {
    var tool =
        JsonMapper.shared()
            .createObjectNode()
            .put("name", "read_record_" + i)
            .put("title", "Read record of kind " + i)
            .put(
                "description",
                "Returns one record of kind %d by its id, with its newest revisions first."
                    .formatted(i));
    var schema = tool.putObject("inputSchema").put("type", "object");
    var properties = schema.putObject("properties");
    properties.putObject("id").put("type", "string").put("description", "Id of the record");
    properties.putObject("limit").put("type", "integer").put("description", "Revisions at most");
    schema.putArray("required").add("id");
    schema.put("additionalProperties", false);
    return tool;
  }
}
