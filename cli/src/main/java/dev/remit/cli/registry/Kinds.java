package dev.remit.cli.registry;

import dev.remit.cli.Segment;
import java.util.Iterator;
import java.util.List;

/// The kinds as commands and paths write them.
final class Kinds implements Iterable<String> {
  private static final List<String> PLURALS =
      List.of(
          "people",
          "data-classes",
          "models",
          "workflows",
          "identities",
          "resources",
          "tools",
          "grants",
          "policies",
          "findings");

  @Override
  public Iterator<String> iterator() {
    return PLURALS.iterator();
  }

  static String path(String kind) {
    return "/v1/registry/" + Segment.of(kind);
  }

  /// Slashes stay: a tool is called `resource/tool`.
  static String path(String kind, String name) {
    var segments = name.split("/", -1);
    var path = new StringBuilder(path(kind));
    for (var segment : segments) {
      path.append('/').append(Segment.of(segment));
    }
    return path.toString();
  }
}
