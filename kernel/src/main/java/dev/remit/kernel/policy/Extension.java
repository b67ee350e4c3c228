package dev.remit.kernel.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// The functions and methods of Cedar's extension types.
///
/// Source: Cedar reference, "Operators and functions", sections on `decimal`, `ipaddr`, `datetime`
/// and `duration`.
enum Extension {
  DECIMAL("decimal", 1, false, args -> ExtensionText.decimal(text(args[0]))),
  LESS_THAN("lessThan", 2, true, args -> decimals(args, (a, b) -> a < b)),
  LESS_THAN_OR_EQUAL("lessThanOrEqual", 2, true, args -> decimals(args, (a, b) -> a <= b)),
  GREATER_THAN("greaterThan", 2, true, args -> decimals(args, (a, b) -> a > b)),
  GREATER_THAN_OR_EQUAL("greaterThanOrEqual", 2, true, args -> decimals(args, (a, b) -> a >= b)),
  IP("ip", 1, false, args -> ExtensionText.ip(text(args[0]))),
  IS_IPV4("isIpv4", 1, true, args -> Value.Bool.of(!address(args[0]).v6())),
  IS_IPV6("isIpv6", 1, true, args -> Value.Bool.of(address(args[0]).v6())),
  IS_LOOPBACK("isLoopback", 1, true, args -> Value.Bool.of(address(args[0]).isLoopback())),
  IS_MULTICAST("isMulticast", 1, true, args -> Value.Bool.of(address(args[0]).isMulticast())),
  IS_IN_RANGE(
      "isInRange", 2, true, args -> Value.Bool.of(address(args[0]).isWithin(address(args[1])))),
  DATETIME("datetime", 1, false, args -> ExtensionText.datetime(text(args[0]))),
  DURATION("duration", 1, false, args -> ExtensionText.duration(text(args[0]))),
  OFFSET(
      "offset",
      2,
      true,
      args -> new Value.Moment(exact("offset", moment(args[0]), span(args[1]), Math::addExact))),
  DURATION_SINCE(
      "durationSince",
      2,
      true,
      args ->
          new Value.Span(
              exact("durationSince", moment(args[0]), moment(args[1]), Math::subtractExact))),
  TO_DATE(
      "toDate",
      1,
      true,
      args ->
          new Value.Moment(
              exact(
                  "toDate",
                  moment(args[0]),
                  Math.floorMod(moment(args[0]), Extension.DAY_MS),
                  Math::subtractExact))),
  TO_TIME(
      "toTime", 1, true, args -> new Value.Span(Math.floorMod(moment(args[0]), Extension.DAY_MS))),
  TO_MILLISECONDS("toMilliseconds", 1, true, args -> whole(args, ms -> ms)),
  TO_SECONDS("toSeconds", 1, true, args -> whole(args, ms -> ms / 1000)),
  TO_MINUTES("toMinutes", 1, true, args -> whole(args, ms -> ms / 60_000)),
  TO_HOURS("toHours", 1, true, args -> whole(args, ms -> ms / 3_600_000)),
  TO_DAYS("toDays", 1, true, args -> whole(args, ms -> ms / Extension.DAY_MS));

  private static final long DAY_MS = 86_400_000;
  private static final Map<String, Extension> BY_NAME = new HashMap<>();

  static {
    for (var extension : values()) {
      BY_NAME.put(extension.name, extension);
    }
  }

  /// The name in Cedar text and in its JSON form.
  final String name;

  /// Whether it is written after its first argument.
  final boolean isMethod;

  private final int arity;

  @SuppressWarnings("ImmutableEnumChecker") // the bodies hold no state
  private final Body body;

  private interface Body {
    Value apply(Value[] arguments);
  }

  private interface Comparison {
    boolean holds(long left, long right);
  }

  Extension(String name, int arity, boolean isMethod, Body body) {
    this.name = name;
    this.arity = arity;
    this.isMethod = isMethod;
    this.body = body;
  }

  static @Nullable Extension named(String name) {
    return BY_NAME.get(name);
  }

  boolean takes(int arguments) {
    return arguments == arity;
  }

  /// Applies this function; `arguments` has a size that it [takes][#takes].
  Value apply(Value[] arguments) {
    return body.apply(arguments);
  }

  private static String text(Value value) {
    if (value instanceof Value.Text(var text)) {
      return text;
    }
    throw Fault.type("string", value);
  }

  private static Value.IpAddress address(Value value) {
    if (value instanceof Value.IpAddress address) {
      return address;
    }
    throw Fault.type("ipaddr", value);
  }

  private static long moment(Value value) {
    if (value instanceof Value.Moment(var epochMs)) {
      return epochMs;
    }
    throw Fault.type("datetime", value);
  }

  private static long span(Value value) {
    if (value instanceof Value.Span(var millis)) {
      return millis;
    }
    throw Fault.type("duration", value);
  }

  private static Value decimals(Value[] arguments, Comparison comparison) {
    if (arguments[0] instanceof Value.Decimal(var left)
        && arguments[1] instanceof Value.Decimal(var right)) {
      return Value.Bool.of(comparison.holds(left, right));
    }
    throw Fault.type("two decimals", arguments[0], arguments[1]);
  }

  private static Value whole(Value[] arguments, LongUnaryOperator conversion) {
    return new Value.Whole(conversion.applyAsLong(span(arguments[0])));
  }

  private static long exact(String name, long left, long right, LongBinaryOperator operation) {
    try {
      return operation.applyAsLong(left, right);
    } catch (ArithmeticException e) {
      throw new Fault("`" + name + "` overflows");
    }
  }
}
