package dev.remit.server.evaluations;

import java.util.Locale;

/// One answer of one version to one case.
///
/// @param repeat from 1
public record Trial(String suite, String caseId, Side side, int repeat) {

  /// Which version answers.
  public enum Side {
    BASELINE,
    CANDIDATE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// `SUITE/CASE/SIDE/REPEAT`, as entries and rows name it.
  String key() {
    return pair() + "/" + side.word() + "/" + repeat;
  }

  /// The case of both versions: `SUITE/CASE`.
  String pair() {
    return suite + "/" + caseId;
  }

  /// @throws IllegalArgumentException if `key` is none
  static Trial parse(String key) {
    var parts = key.split("/", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("`" + key + "` names no trial");
    }
    return new Trial(
        parts[0],
        parts[1],
        Side.valueOf(parts[2].toUpperCase(Locale.ROOT)),
        Integer.parseInt(parts[3]));
  }
}
