package dev.remit.server.evaluations;

import dev.remit.kernel.identity.PersonName;
import java.time.Instant;
import java.util.Locale;

/// What a person says of a version's answers to a case, not knowing which version it is.
///
/// @param side the version, as the person did not know
record Label(String pair, Trial.Side side, PersonName by, Said said, Instant at) {

  /// The answer of a person.
  enum Said {
    PASSED,
    FAILED,

    /// Leaves it unscored.
    UNSURE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// As entries and rows name it: `SUITE/CASE/SIDE`.
  String key() {
    return pair + "/" + side.word();
  }
}
