package dev.remit.server.registry.shape;

import java.util.HashMap;
import java.util.Map;

/// Where each part of one document stands, by its path: `spec.tools[0]`, and `spec.tools` itself.
public final class Places {
  private final Place start;
  private final Map<String, Place> byPath = new HashMap<>();

  Places(Place start) {
    this.start = start;
  }

  void put(String path, Place place) {
    byPath.putIfAbsent(path, place);
  }

  /// Returns where the document starts.
  public Place start() {
    return start;
  }

  /// Returns where `path` stands, or else the nearest thing around it that was written.
  public Place at(String path) {
    for (var around = path; !around.isEmpty(); around = parent(around)) {
      var place = byPath.get(around);
      if (place != null) {
        return place;
      }
    }
    return start;
  }

  /// Whether `path` itself was written, rather than filled in.
  public boolean isWritten(String path) {
    return byPath.containsKey(path);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
  }
}
