package dev.remit.server.changes;

import dev.remit.kernel.change.Axis;
import dev.remit.kernel.change.Difference;
import dev.remit.kernel.change.Fingerprint;
import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.server.changes.Assessment.Point;
import dev.remit.server.registry.DataClass;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import dev.remit.server.risk.AccessPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Says what a change could do: each difference is looked up in the [Triggers], and an axis that it
/// can touch is touched where something within reach makes that matter. So a new version behind a
/// tool that only reads public pages is routine, and the same version behind payments is not.
///
/// Pure: the same rows, triggers and moment give the same [Assessment].
final class Classifying {
  private static final Duration LONG = Duration.ofDays(90);

  private final Identity identity;
  private final Registered registered;
  private final Instant now;
  private final Triggers triggers;
  private final List<AccessPath> paths;
  private final Map<String, Long> sensitivities = new HashMap<>();
  private final List<Point> points = new ArrayList<>();
  private final Set<GrantName> suspends = new TreeSet<>();

  private Classifying(Identity identity, Registered registered, Triggers triggers, Instant now) {
    this.identity = identity;
    this.registered = registered;
    this.triggers = triggers;
    this.now = now;
    this.paths = AccessPath.of(identity, registered, now);
    registered.dataClasses().forEach(one -> sensitivities.put(one.name(), one.sensitivity()));
  }

  /// @param before the fingerprint that is approved; empty where none is, so that everything is new
  /// @param reached what could be touched with that
  static Assessment of(
      Identity identity,
      Registered registered,
      Fingerprint fingerprint,
      Optional<Fingerprint> before,
      List<AccessPath> reached,
      Triggers triggers,
      Instant now) {
    var classifying = new Classifying(identity, registered, triggers, now);
    var differences = before.map(fingerprint::since).orElse(List.of());
    if (before.isEmpty()) {
      EnumSet.allOf(Axis.class)
          .forEach(
              axis -> classifying.touch(axis, "first", "nothing is approved of it yet", _ -> true));
    }
    differences.forEach(classifying::look);
    return classifying.assessed(differences, reached);
  }

  private Assessment assessed(List<Difference> differences, List<AccessPath> reached) {
    boolean fast =
        !differences.isEmpty()
            && differences.stream().allMatch(one -> triggers.of(one).equals(triggers.fast()));
    var axes = EnumSet.noneOf(Axis.class);
    points.forEach(point -> axes.add(point.axis()));
    var verdict = axes.isEmpty() ? Verdict.ROUTINE : fast ? Verdict.FAST : Verdict.SECURITY;
    var suites =
        switch (verdict) {
          case ROUTINE -> List.<String>of();
          case FAST -> triggers.fastSuites();
          case SECURITY -> triggers.demanded(axes);
        };
    return new Assessment(
        verdict, points, suspends, suites, differences, reached, paths, tighter());
  }

  private void look(Difference one) {
    var trigger = triggers.of(one);
    trigger.axes().forEach(axis -> touch(axis, trigger.name(), one.said(), through(one)));
  }

  /// Which paths a difference concerns: those of the tool or grant that it is about, else all.
  private static java.util.function.Predicate<AccessPath> through(Difference one) {
    return switch (one.part()) {
      case TOOLS -> path -> path.thing().name().equals(one.item());
      case SCOPE -> path -> path.grant().name().equals(one.item());
      case PROVIDER,
          MODEL,
          VERSION,
          PARAMETERS,
          PROMPTS,
          CONTEXT_WINDOW,
          SAFETY,
          GUARDRAILS,
          FINE_TUNE,
          BACKEND,
          OBSERVED ->
          _ -> true;
    };
  }

  private void touch(
      Axis axis, String trigger, String says, java.util.function.Predicate<AccessPath> through) {
    var touched = paths.stream().filter(through).filter(path -> matters(axis, path)).toList();
    if (touched.isEmpty()) {
      return;
    }
    touched.forEach(path -> suspends.add(new GrantName(path.grant().name())));
    points.add(
        new Point(
            axis,
            trigger,
            says,
            touched.stream()
                .flatMap(path -> Stream.of(path.grant(), path.thing()))
                .distinct()
                .toList()));
  }

  /// Whether what `path` leads to makes a difference on `axis` a matter of security.
  private boolean matters(Axis axis, AccessPath path) {
    boolean toCustomers = identity.identityKind() == IdentityKind.CHATBOT;
    return switch (axis) {
      case DATA_EXPOSURE -> isSensitive(path) || path.effects().contains(Effect.SECRETS);
      case TOOL_AUTHORITY -> path.acts();
      case REFUSAL_BEHAVIOUR -> path.acts() || isSensitive(path) || toCustomers;
      case WORKFLOW_INTEGRITY -> path.acts() || toCustomers;
    };
  }

  private boolean isSensitive(AccessPath path) {
    return path.dataClasses().stream()
        .anyMatch(name ->
            sensitivities.getOrDefault(name, DataClass.UNKNOWN) >= triggers.sensitiveFrom());
  }

  /// What the reach of this identity asks for: narrower scopes, shorter lives, a sandbox.
  private List<String> tighter() {
    var found = new TreeSet<String>();
    for (var grant : registered.grants(identity.name())) {
      if (!suspends.contains(grant.name())) {
        continue;
      }
      if (grant.tools() instanceof Grant.Tools.EveryPinned) {
        found.add(
            "scope: grant `%s` names every tool of `%s`; with an account as broad as that nobody can"
                    .formatted(grant.name(), grant.resource())
                + " tell a harmless gain from more privilege. Name the tools");
      }
      if (grant.expiresAt().isAfter(now.plus(LONG))) {
        found.add(
            "lifetime: grant `%s` lasts until %s; end it within %d days"
                .formatted(grant.name(), grant.expiresAt(), LONG.toDays()));
      }
    }
    paths.stream()
        .filter(path ->
            path.effects().contains(Effect.CODE_EXECUTION)
                && path.environment() == Environment.PRODUCTION)
        .map(path -> path.thing())
        .map(Classifying::sandbox)
        .forEach(found::add);
    return List.copyOf(found);
  }

  private static String sandbox(Ref tool) {
    return "sandbox: %s runs code in production; give it an environment of its own"
        .formatted("tool `" + tool.name() + "`");
  }
}
