package dev.remit.kernel.policy;

import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Word;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Every obligation of the policies that decided, together: of limits on one argument the strictest
/// holds, redactions and roles add up. Order does not matter, and repeating changes nothing.
///
/// Grammar: `@limit("rows:100")`, `@limit("rows:1..100, /page/size:50")`, `@redact("ssn,
/// /patients/*/name")`, `@notify("security")`. Source: `docs/formats/policy.md`, "Obligations".
///
/// @param limits by argument, sorted
/// @param redactions sorted
/// @param roles whom to tell
public record Obligations(
    List<Obligation.Limit> limits, List<Obligation.Redact> redactions, Set<Role> roles) {
  /// None at all.
  public static final Obligations NONE = new Obligations(List.of(), List.of(), Set.of());

  /// How many limits, or fields, one annotation may name.
  public static final int EACH_MAX = 50;

  private static final Pattern LIMIT = Pattern.compile("(.+):(?:(\\d{1,18})\\.\\.)?(\\d{1,18})");
  private static final Pattern NAME = Pattern.compile("[^/~*\\s:][^/~*\\s:]*");
  private static final Pattern POINTER = Pattern.compile("(/([^/~]|~0|~1)+)+");

  public Obligations {
    limits = List.copyOf(limits);
    redactions = List.copyOf(redactions);
    roles = Set.copyOf(roles);
  }

  /// Whether what is carried out differs from what was asked.
  public boolean narrows() {
    return !limits.isEmpty() || !redactions.isEmpty();
  }

  /// Why no call could fulfil all of them together, if so.
  public Optional<String> impossible() {
    return limits.stream()
        .filter(Obligation.Limit::isImpossible)
        .map(limit -> "`@limit(\"" + limit + "\")`: no number keeps to all limits on it")
        .findFirst();
  }

  /// Returns these obligations and those of `other`.
  public Obligations and(Obligations other) {
    if (this.equals(NONE) || other.equals(NONE)) {
      return this.equals(NONE) ? other : this;
    }
    var byArgument = new TreeMap<String, Obligation.Limit>();
    limits.forEach(limit -> byArgument.merge(limit.argument(), limit, Obligation.Limit::and));
    other.limits.forEach(limit -> byArgument.merge(limit.argument(), limit, Obligation.Limit::and));
    var fields = new TreeSet<String>();
    redactions.forEach(redact -> fields.add(redact.field()));
    other.redactions.forEach(redact -> fields.add(redact.field()));
    var all = EnumSet.noneOf(Role.class);
    all.addAll(roles);
    all.addAll(other.roles);
    return of(byArgument, fields, all);
  }

  static Obligations of(Collection<Policy> policies) {
    var all = NONE;
    for (var policy : policies) {
      all = all.and(policy.obligations());
    }
    return all;
  }

  /// Reads the annotations of one policy.
  ///
  /// @throws UnreadablePolicy if one is written wrongly, or stands on a forbid and is about a call
  ///   that is let through
  static Obligations of(Effect effect, Map<String, String> annotations) {
    var limit = annotations.get("limit");
    var redact = annotations.get("redact");
    var tell = annotations.get("notify");
    if (effect == Effect.FORBID && (limit != null || redact != null)) {
      throw new UnreadablePolicy(
          "`@limit` and `@redact` belong on a permit: a forbid lets nothing through to narrow");
    }
    if (limit == null && redact == null && tell == null) {
      return NONE;
    }
    return of(
        limit == null ? new TreeMap<>() : limits(limit),
        redact == null ? Set.of() : fields(redact),
        tell == null ? Set.of() : roles(tell));
  }

  private static Obligations of(
      SortedMap<String, Obligation.Limit> limits, Set<String> fields, Set<Role> roles) {
    return new Obligations(
        List.copyOf(limits.values()), fields.stream().map(Obligation.Redact::new).toList(), roles);
  }

  private static SortedMap<String, Obligation.Limit> limits(String text) {
    var limits = new TreeMap<String, Obligation.Limit>();
    for (var each : each("limit", text)) {
      var found = LIMIT.matcher(each);
      if (!found.matches() || !isField(found.group(1)) || found.group(1).contains("*")) {
        throw new UnreadablePolicy(
            "`@limit(\""
                + text
                + "\")` is not `argument:max` or `argument:min..max`, as `rows:100`");
      }
      var argument = found.group(1).startsWith("/") ? found.group(1) : "/" + found.group(1);
      var min = found.group(2) == null ? 0 : Long.parseLong(found.group(2));
      var limit = new Obligation.Limit(argument, min, Long.parseLong(found.group(3)));
      if (limit.isImpossible()) {
        throw new UnreadablePolicy("`@limit(\"" + text + "\")` has a minimum above its maximum");
      }
      limits.merge(argument, limit, Obligation.Limit::and);
    }
    return limits;
  }

  private static Set<String> fields(String text) {
    var fields = new TreeSet<String>();
    for (var each : each("redact", text)) {
      if (!isField(each) || each.endsWith("/*")) {
        throw new UnreadablePolicy(
            "`@redact(\""
                + text
                + "\")` is neither a name, as `ssn`, nor a path that ends in one, as "
                + "`/patients/*/name`");
      }
      fields.add(each);
    }
    return fields;
  }

  private static Set<Role> roles(String text) {
    var roles = EnumSet.noneOf(Role.class);
    for (var each : each("notify", text)) {
      try {
        roles.add(Word.parse(Role.class, each));
      } catch (IllegalArgumentException e) {
        throw new UnreadablePolicy("`@notify(\"" + text + "\")` names no role: " + e.getMessage());
      }
    }
    return roles;
  }

  private static boolean isField(String text) {
    return NAME.matcher(text).matches() || POINTER.matcher(text).matches();
  }

  private static List<String> each(String annotation, String text) {
    var found = new ArrayList<String>();
    for (var each : text.split(",", -1)) {
      found.add(each.strip());
    }
    if (found.size() > EACH_MAX || found.contains("")) {
      throw new UnreadablePolicy(
          "`@" + annotation + "` takes 1 to " + EACH_MAX + " values, separated by commas");
    }
    return found;
  }
}
