package dev.remit.server.section;

import dev.remit.server.settings.Setting;

/// What is printed while running.
public record LoggingSection(
    @Setting(value = "auto", says = "`auto` is text on a terminal and JSON elsewhere")
        Format format,
    @Setting(value = "info", says = "least severe event that is printed") Level level) {
  public enum Format {
    AUTO,
    TEXT,
    JSON
  }

  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }
}
