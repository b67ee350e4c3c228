package dev.remit.server.settings;

import java.util.List;

/// The configuration cannot be used. The message holds one line per mistake, each with its place.
public final class SettingsWrong extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingsWrong(List<String> mistakes) {
    super(String.join("\n", mistakes));
  }
}
