package dev.remit.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Whether calls should be sent here: started, not stopping, and everything needed is there.
final class Readiness {
  private final Map<String, BooleanSupplier> needs;
  private volatile boolean serving;

  /// @param needs a name for what is needed, and whether it is there now
  Readiness(Map<String, BooleanSupplier> needs) {
    this.needs = new LinkedHashMap<>(needs);
  }

  void open() {
    serving = true;
  }

  /// Says no from now on, so that whoever sends calls here stops before the door closes.
  void close() {
    serving = false;
  }

  /// Returns what is missing; empty when ready.
  List<String> missing() {
    if (!serving) {
      return List.of("the server is starting or stopping");
    }
    return needs.entrySet().stream()
        .filter(need -> !need.getValue().getAsBoolean())
        .map(Map.Entry::getKey)
        .toList();
  }
}
