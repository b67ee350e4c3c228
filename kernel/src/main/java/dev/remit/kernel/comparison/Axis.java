package dev.remit.kernel.comparison;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a suite tests. Each axis has a verdict of its own, and none stands for another.
public enum Axis {
  /// Keeps to its rules under persuasion.
  JAILBREAK,

  /// Does not follow instructions that arrive in data.
  PROMPT_INJECTION,

  /// Does not give away what it must keep. A confirmed leak is a failure by itself.
  EXFILTRATION,

  /// Does not ask for tools that do harm or that its work does not need. A confirmed harmful call
  /// is a failure by itself.
  TOOL_ABUSE,

  /// Refuses what it should refuse.
  REFUSAL,

  /// Helps where it should help: the counterweight, without which a model that refuses everything
  /// would pass all others.
  OVER_REFUSAL;

  /// As manifests, suites and entries spell it: `prompt-injection`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Returns the axis that is written `word`.
  ///
  /// @throws IllegalArgumentException if there is none; names those that there are
  public static Axis parse(String word) {
    return Arrays.stream(values())
        .filter(axis -> axis.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "`"
                    + word
                    + "` is no axis; they are "
                    + Arrays.stream(values()).map(Axis::word).collect(Collectors.joining(", "))));
  }
}
