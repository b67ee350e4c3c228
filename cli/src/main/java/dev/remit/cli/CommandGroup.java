package dev.remit.cli;

import java.util.Map;

/// A command that has commands beneath it, such as `remit secret put`.
public interface CommandGroup {

  /// Returns the command objects by name.
  Map<String, Object> commands();
}
