package dev.remit.server.http;

import dev.remit.kernel.identity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Describes every operation as an OpenAPI 3.1 document, with who may call it in `x-remit-access`.
final class OpenApi {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern VARIABLE = Pattern.compile("\\{\\+?([A-Za-z]+)}");

  private OpenApi() {}

  /// Returns `operations` and the one that describes them all, itself included.
  static List<Operation> including(List<Operation> operations) {
    var all = new ArrayList<>(operations);
    var document = JSON.createObjectNode();
    all.add(
        new Operation(
            Method.GET,
            "/v1/openapi.json",
            new Access.Open(),
            "Describe every operation",
            _ -> Reply.json(200, document)));
    fill(document, all);
    return List.copyOf(all);
  }

  private static void fill(ObjectNode document, List<Operation> operations) {
    document.put("openapi", "3.1.0");
    document.putObject("info").put("title", "Remit").put("version", "1");
    var paths = document.putObject("paths");
    for (var operation : operations) {
      var path = paths.withObjectProperty(operation.path().replace("{+", "{"));
      var item = path.putObject(operation.method().name().toLowerCase(Locale.ROOT));
      item.put("summary", operation.summary());
      parameters(operation, item);
      access(operation.access(), item);
      item.putObject("responses")
          .putObject("default")
          .put("description", "The answer, or problem details (RFC 9457)");
    }
  }

  private static void parameters(Operation operation, ObjectNode item) {
    var variables = VARIABLE.matcher(operation.path());
    var parameters = JSON.createArrayNode();
    while (variables.find()) {
      var parameter = parameters.addObject();
      parameter.put("name", variables.group(1)).put("in", "path").put("required", true);
      parameter.putObject("schema").put("type", "string");
    }
    if (!parameters.isEmpty()) {
      item.set("parameters", parameters);
    }
  }

  private static void access(Access access, ObjectNode item) {
    var described = item.putObject("x-remit-access");
    switch (access) {
      case Access.Open() -> described.put("kind", "open");
      case Access.Own() -> described.put("kind", "own");
      case Access.People(var anyOf) -> roles(described.put("kind", "people"), anyOf);
      case Access.Asked(var anyOf) -> roles(described.put("kind", "asked"), anyOf);
      case Access.TaskOr(var anyOf) -> roles(described.put("kind", "task"), anyOf);
      case Access.SignedIn(var anyOf) -> roles(described.put("kind", "page"), anyOf);
    }
  }

  private static void roles(ObjectNode described, java.util.Set<Role> anyOf) {
    var roles = described.putArray("roles");
    new TreeSet<>(anyOf).forEach(role -> roles.add(role.word()));
  }
}
