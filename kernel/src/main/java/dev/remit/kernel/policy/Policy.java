package dev.remit.kernel.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One policy, compiled.
public final class Policy {
  /// The annotations that mean something here, and those that are only read by people.
  private static final Set<String> KNOWN =
      Set.of(
          "hold",
          "patience",
          "quorum",
          "uses",
          "apart",
          "defer",
          "limit",
          "redact",
          "notify",
          "id",
          "description",
          "reason");

  private final Source source;
  private final Node[] conditions;
  private final Optional<Hold> hold;
  private final Optional<Postponement> postponement;
  private final Obligations obligations;

  private Policy(Source source) {
    this.source = source;
    this.conditions = source.conditions().stream().map(Compiler::compile).toArray(Node[]::new);
    this.hold = Hold.of(source.effect(), source.annotations());
    this.postponement = Postponement.of(source.effect(), source.annotations());
    this.obligations = Obligations.of(source.effect(), source.annotations());
  }

  /// Compiles a static policy from Cedar's JSON policy format.
  ///
  /// @throws UnreadablePolicy if it is not one, or uses annotations of ours wrongly
  public static Policy of(PolicyId id, JsonNode json) {
    return new Policy(CedarJson.read(id, json, Map.of()));
  }

  /// Compiles a template with its slots (`?principal`, `?resource`) filled by `values`.
  ///
  /// @throws UnreadablePolicy if it is not one, or a slot is left open
  public static Policy link(PolicyId id, JsonNode template, Map<String, EntityUid> values) {
    return new Policy(CedarJson.read(id, template, values));
  }

  public PolicyId id() {
    return source.id();
  }

  public Effect effect() {
    return source.effect();
  }

  public SortedMap<String, String> annotations() {
    return source.annotations();
  }

  /// What it asks of whoever carries out its answer.
  public Obligations obligations() {
    return obligations;
  }

  /// Annotations that mean nothing to us, sorted: most likely misspelled, and then a policy does
  /// not do what its author believes.
  public List<String> unknownAnnotations() {
    var unknown = new TreeSet<>(source.annotations().keySet());
    unknown.removeAll(KNOWN);
    return List.copyOf(unknown);
  }

  /// The annotations that are known, sorted.
  public static List<String> knownAnnotations() {
    return KNOWN.stream().sorted().toList();
  }

  /// Every value that it is written with, entities of its scope included: what a request must hold
  /// to make a difference to it.
  public Set<Value> constants() {
    return Constants.of(source);
  }

  /// Whether its scope admits `action` together with `resource`, for some principal.
  public boolean admits(EntityUid action, EntityUid resource, Entities entities) {
    return source.action().admits(action, entities.ancestors(action))
        && source.resource().admits(resource, entities.ancestors(resource));
  }

  /// Whether it surely matches whatever `narrower` matches. Effect and annotations are not looked
  /// at; where it cannot tell, it says no.
  ///
  /// @param goesWith the one resource that an action is ever asked of, if there is one
  public boolean includes(
      Policy narrower, Entities entities, Function<EntityUid, Optional<EntityUid>> goesWith) {
    return new Reach(source).includes(narrower.source, entities, goesWith);
  }

  /// Whether its conditions surely hold for every request.
  public boolean isUnconditional() {
    return new Reach(source).isUnconditional();
  }

  /// Whether its scope names no principal, no action and no resource.
  public boolean isUnscoped() {
    return new Reach(source).isUnscoped();
  }

  /// Whether its scope admits `principal`, for some action and resource.
  public boolean admits(EntityUid principal, Entities entities) {
    return source.principal().admits(principal, entities.ancestors(principal));
  }

  /// Returns why no request can satisfy it, where that is plain from its conditions.
  public Optional<String> contradiction() {
    return new Reach(source).contradiction();
  }

  /// Where it compares facts with words of its own.
  public List<Comparison> comparisons() {
    return new Reach(source).comparisons();
  }

  /// Values with which its conditions would hold, as far as they are plain from the text.
  public List<Hint> hints() {
    return Hints.of(source);
  }

  /// The parts of its conditions that are true or false by themselves, in the order of the text.
  public List<Condition> conditions() {
    return Conditions.of(source).all();
  }

  /// Says how it comes to its answer on `request`. For explaining; [PolicySet] decides faster.
  public Trace trace(Request request, Entities entities) {
    var missed = new ArrayList<String>();
    source.misses(request, entities, missed);
    var steps = new ArrayList<Trace.Step>();
    var truth =
        missed.isEmpty()
            ? Conditions.of(source).trace(new Frame(request, entities), steps)
            : Trace.Truth.FALSE;
    return new Trace(this, missed, steps, truth);
  }

  Source source() {
    return source;
  }

  Optional<Hold> hold() {
    return hold;
  }

  Optional<Postponement> postponement() {
    return postponement;
  }

  /// Whether every condition holds; stops at the first that does not.
  ///
  /// @throws Fault if that cannot be said
  boolean holds(Frame frame) {
    Fault undecided = null;
    for (var condition : conditions) {
      try {
        if (!Logic.truth(condition.of(frame))) {
          return false;
        }
      } catch (Fault fault) {
        undecided = Logic.undecidedOr(undecided, fault);
      }
    }
    if (undecided != null) {
      throw undecided;
    }
    return true;
  }

  /// Returns the Cedar text of the first condition that does not hold, or null if all do.
  @Nullable String failing(Frame frame) {
    for (int i = 0; i < conditions.length; i++) {
      try {
        if (Logic.truth(conditions[i].of(frame))) {
          continue;
        }
      } catch (Fault fault) {
        return null;
      }
      return CedarText.of(source.conditions().get(i));
    }
    return null;
  }
}
