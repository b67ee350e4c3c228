package dev.remit.conformance.coverage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// One operation as `GET /v1/openapi.json` describes it.
///
/// @param kind `open`, `own`, `people`, `asked`, `page` or `task`
/// @param roles who may, of the people; empty where people are not asked for
record Described(String method, String path, String kind, List<String> roles) {

  static List<Described> all(JsonNode document) {
    var all = new ArrayList<Described>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(item -> all.add(of(path.getKey(), item.getKey(), item.getValue()))));
    all.sort(Comparator.comparing(Described::path).thenComparing(Described::method));
    return all;
  }

  private static Described of(String path, String method, JsonNode operation) {
    var access = operation.path("x-remit-access");
    var roles =
        StreamSupport.stream(access.path("roles").spliterator(), false)
            .map(JsonNode::stringValue)
            .sorted()
            .toList();
    return new Described(
        method.toUpperCase(Locale.ROOT), path, access.path("kind").asString(""), roles);
  }

  boolean isOpen() {
    return kind.equals("open");
  }

  /// Authenticates its callers itself: the OAuth endpoints and the gateway.
  boolean isOwn() {
    return kind.equals("own");
  }

  /// For people who are signed in at a browser, whom no token replaces.
  boolean isPage() {
    return kind.equals("page");
  }

  boolean allowsTasks() {
    return kind.equals("task");
  }

  /// The path with something in place of its variables.
  String example() {
    return path.replaceAll("\\{[^}]*}", "none");
  }

  /// A line of the reviewed list.
  String line() {
    return "%-6s %-50s %s %s"
        .formatted(method, path, kind, String.join(",", roles))
        .stripTrailing();
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
