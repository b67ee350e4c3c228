package dev.remit.server.decisions;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Exact numbers out of JSON.
final class Exact {
  /// Beyond this many digits or zeros no number fits into a long, and none is expanded to find out.
  private static final int SCALE_MAX = 40;

  private Exact() {}

  /// Returns a JSON number times ten to the power of `places`, if that is exactly a long.
  static Optional<Long> scaled(JsonNode json, int places) {
    if (!json.isNumber()) {
      return Optional.empty();
    }
    if (json.isIntegralNumber() && places == 0) {
      return json.canConvertToLong() ? Optional.of(json.longValue()) : Optional.empty();
    }
    if ((json.isDouble() || json.isFloat()) && !Double.isFinite(json.doubleValue())) {
      return Optional.empty();
    }
    var number = json.decimalValue();
    if (Math.abs((long) number.scale()) > SCALE_MAX || number.precision() > SCALE_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(number.movePointRight(places).longValueExact());
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }
}
