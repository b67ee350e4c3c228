package dev.remit.kernel.canonical;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Prints a double as ECMAScript's `Number::toString` does, which RFC 8785 section 3.2.2.3 asks
/// for: the shortest digits that read back as the same double, in plain notation from 1e-6 up to
/// 1e21, otherwise with an exponent.
///
/// Java's own shortest digits (`Double.toString`, since JDK 19) are the same digits, except that
/// Java never looks for fewer than two; otherwise only the layout differs.
final class EcmaNumber {

  /// Whole numbers below this print as their digits, without looking for the shortest form. Nearly
  /// every number in an entry is one.
  private static final double INTEGER_PLAIN = 0x1p53;

  private EcmaNumber() {}

  static String text(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "a number beyond the range of a double has no canonical form");
    }
    if (value == Math.rint(value) && Math.abs(value) < INTEGER_PLAIN) {
      return Long.toString((long) value);
    }
    if (value < 0) {
      return "-" + text(-value);
    }
    var shortest = shortest(value);
    String digits = shortest.unscaledValue().toString();
    int count = digits.length();
    int point = count - shortest.scale();

    if (count <= point && point <= 21) {
      return digits + "0".repeat(point - count);
    }
    if (0 < point && point <= 21) {
      return digits.substring(0, point) + "." + digits.substring(point);
    }
    if (-6 < point && point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    int exponent = point - 1;
    String mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return mantissa + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
  }

  private static BigDecimal shortest(double value) {
    var digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (digits.precision() == 2) {
      var single = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
      if (single.doubleValue() == value) {
        return single.stripTrailingZeros();
      }
    }
    return digits;
  }
}
