package dev.remit.kernel.policy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Writes Cedar source text.
final class CedarText {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /// How long a condition may be before it is cut.
  private static final int LENGTH_MAX = 300;

  private CedarText() {}

  /// Returns `expr` as Cedar source, cut where it is very long.
  static String of(Expr expr) {
    var text = text(expr);
    return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "…";
  }

  /// Returns `value` as Cedar source.
  static String of(Value value) {
    return text(value);
  }

  /// Returns one part of a scope as Cedar source.
  static String of(String part, Constraint constraint) {
    return switch (constraint) {
      case Constraint.Anything() -> part;
      case Constraint.Exactly(var uid) -> part + " == " + uid;
      case Constraint.Within(var roots) when roots.size() == 1 -> part + " in " + roots.getFirst();
      case Constraint.Within(var roots) ->
          part
              + " in "
              + roots.stream()
                  .limit(5)
                  .map(EntityUid::toString)
                  .collect(Collectors.joining(", ", "[", roots.size() > 5 ? ", …]" : "]"));
      case Constraint.OfType(var type) -> part + " is " + type;
      case Constraint.OfTypeWithin(var type, var root) -> part + " is " + type + " in " + root;
    };
  }

  private static String text(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> text(value);
      case Expr.Variable(var name) -> name.name().toLowerCase(Locale.ROOT);
      case Expr.All(var terms) -> joined(terms, " && ");
      case Expr.Any(var terms) -> joined(terms, " || ");
      case Expr.If(var condition, var then, var otherwise) ->
          "if " + text(condition) + " then " + text(then) + " else " + text(otherwise);
      case Expr.Unary(var op, var of) -> unary(op, of);
      case Expr.Binary(var op, var left, var right) ->
          op.infix
              ? operand(left) + " " + op.key + " " + operand(right)
              : operand(left) + "." + op.key + "(" + text(right) + ")";
      case Expr.Attribute(var of, var name) -> operand(of) + attribute(name);
      case Expr.Has(var of, var name) ->
          operand(of) + " has " + (isName(name) ? name : quoted(name));
      case Expr.Like(var of, var pattern) -> operand(of) + " like " + pattern(pattern);
      case Expr.Is(var of, var type) -> operand(of) + " is " + type;
      case Expr.MakeSet(var elements) ->
          elements.stream().map(CedarText::text).collect(Collectors.joining(", ", "[", "]"));
      case Expr.MakeRecord(var members) ->
          members.entrySet().stream()
              .map(member -> quoted(member.getKey()) + ": " + text(member.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Expr.Call(var function, var arguments) -> call(function, arguments);
    };
  }

  private static String unary(Expr.UnaryOp op, Expr of) {
    return switch (op) {
      case NOT -> "!" + operand(of);
      case NEGATE -> "-" + operand(of);
      case IS_EMPTY -> operand(of) + ".isEmpty()";
    };
  }

  private static String call(Extension function, List<Expr> arguments) {
    var receiver = function.isMethod ? operand(arguments.getFirst()) + "." : "";
    return arguments.stream()
        .skip(function.isMethod ? 1 : 0)
        .map(CedarText::text)
        .collect(Collectors.joining(", ", receiver + function.name + "(", ")"));
  }

  /// Comparisons bind more closely than `&&`, and `&&` more closely than `||`.
  private static String joined(List<Expr> terms, String operator) {
    return terms.stream()
        .map(term ->
            term instanceof Expr.If || term instanceof Expr.Any
                ? "(" + text(term) + ")"
                : text(term))
        .collect(Collectors.joining(operator));
  }

  /// Returns `expr` in parentheses where another operator could tear it apart.
  private static String operand(Expr expr) {
    boolean compound =
        switch (expr) {
          case Expr.All _, Expr.Any _, Expr.If _, Expr.Has _, Expr.Like _, Expr.Is _ -> true;
          case Expr.Binary binary -> binary.op().infix;
          case Expr.Unary unary -> unary.op() == Expr.UnaryOp.NEGATE;
          case Expr.Literal _, Expr.Variable _, Expr.Attribute _ -> false;
          case Expr.MakeSet _, Expr.MakeRecord _, Expr.Call _ -> false;
        };
    return compound ? "(" + text(expr) + ")" : text(expr);
  }

  private static String attribute(String name) {
    return isName(name) ? "." + name : "[" + quoted(name) + "]";
  }

  private static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static String pattern(Wildcard pattern) {
    return pattern.parts().stream()
        .map(CedarText::quoted)
        .map(part -> part.substring(1, part.length() - 1).replace("*", "\\*"))
        .collect(Collectors.joining("*", "\"", "\""));
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.Bool(var truth) -> Boolean.toString(truth);
      case Value.Whole(var number) -> Long.toString(number);
      case Value.Text(var text) -> quoted(text);
      case Value.Entity(var uid) -> uid.toString();
      case Value.Several set -> {
        var elements = new StringJoiner(", ", "[", "]");
        for (int i = 0; i < set.size(); i++) {
          elements.add(text(set.get(i)));
        }
        yield elements.toString();
      }
      case Value.Members members -> {
        var all = new StringJoiner(", ", "{", "}");
        for (int i = 0; i < members.size(); i++) {
          all.add(quoted(members.name(i)) + ": " + text(members.get(i)));
        }
        yield all.toString();
      }
      case Value.Decimal(var parts) ->
          "decimal(\"" + BigDecimal.valueOf(parts, 4).toPlainString() + "\")";
      case Value.IpAddress address -> "ip(\"" + address.text() + "\")";
      case Value.Moment(var epochMs) -> "datetime(\"" + Instant.ofEpochMilli(epochMs) + "\")";
      case Value.Span(var millis) -> "duration(\"" + millis + "ms\")";
      case Value.Unknown _ -> "…";
    };
  }

  /// Returns `text` as a Cedar string literal.
  static String quoted(String text) {
    var out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(point -> appendEscaped(out, point));
    return out.append('"').toString();
  }

  private static void appendEscaped(StringBuilder out, int point) {
    switch (point) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0 -> out.append("\\0");
      default -> {
        if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT) {
          out.append("\\u{").append(Integer.toHexString(point)).append('}');
        } else {
          out.appendCodePoint(point);
        }
      }
    }
  }
}
