package dev.remit.server.decisions;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.remit.kernel.canonical.Digest;
import dev.remit.server.registry.Tool;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whether arguments keep to the schema that was reviewed with the tool.
///
/// The schema is the reviewed one, never what the server says today. JSON Schema 2020-12 unless it
/// names another dialect; nothing is fetched to resolve a reference. At most five problems are
/// told.
public final class ArgumentCheck {
  private static final int PROBLEMS_MAX = 5;
  private static final int PROBLEM_CHARS_MAX = 300;
  private static final int SCHEMAS_MAX = 10_000;

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder -> builder.schemaLoader(loader -> loader.block(_ -> true)));
  private final ConcurrentHashMap<Digest, Schema> schemas = new ConcurrentHashMap<>();

  /// Returns what is wrong, or nothing.
  public List<String> problems(Tool tool, JsonNode arguments) {
    var given = arguments.isMissingNode() || arguments.isNull() ? empty() : arguments;
    if (!given.isObject()) {
      return List.of("arguments are an object");
    }
    try {
      return schema(tool).validate(given).stream()
          .limit(PROBLEMS_MAX)
          .map(error -> shortened(error.getInstanceLocation() + ": " + error.getMessage()))
          .toList();
    } catch (SchemaException | IllegalArgumentException | StackOverflowError e) {
      return List.of("the reviewed schema cannot be applied: " + shortened(e.toString()));
    }
  }

  private Schema schema(Tool tool) {
    var known = schemas.get(tool.definition());
    if (known != null) {
      return known;
    }
    if (schemas.size() >= SCHEMAS_MAX) {
      schemas.clear();
    }
    return schemas.computeIfAbsent(
        tool.definition(),
        _ -> registry.getSchema(tool.inputSchema().toString(), InputFormat.JSON));
  }

  private static JsonNode empty() {
    return JsonMapper.shared().createObjectNode();
  }

  private static String shortened(String text) {
    return text.length() <= PROBLEM_CHARS_MAX ? text : text.substring(0, PROBLEM_CHARS_MAX) + "…";
  }
}
