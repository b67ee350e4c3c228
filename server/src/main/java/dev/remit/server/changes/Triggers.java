package dev.remit.server.changes;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.change.Axis;
import dev.remit.kernel.change.Difference;
import dev.remit.kernel.change.Part;
import dev.remit.kernel.identity.Word;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which differences can touch which axes, and which evaluations those demand: a policy of the
/// site, in a file, known by its digest. What no trigger and no narrowing names touches every axis.
///
/// @param fast what is said to change nothing that could be observed
/// @param suites the evaluations of each axis, by name
/// @param evidence how good they must be; `fastEvidence` those of the fast path
/// @param sensitiveFrom from which sensitivity on data counts
public record Triggers(
    List<Trigger> triggers,
    List<Trigger> narrowings,
    Trigger fast,
    List<String> fastSuites,
    Map<Axis, List<String>> suites,
    Evidence evidence,
    Evidence fastEvidence,
    long sensitiveFrom,
    Digest digest) {

  /// The policy that is there if nobody writes another.
  public static final Triggers DEFAULT = read(resource());

  public Triggers {
    triggers = List.copyOf(triggers);
    narrowings = List.copyOf(narrowings);
    fastSuites = List.copyOf(fastSuites);
    suites = Map.copyOf(suites);
  }

  /// One line of it.
  public record Trigger(
      String name, Set<Part> parts, Set<Difference.Direction> directions, Set<Axis> axes) {
    public Trigger {
      parts = Set.copyOf(parts);
      directions = Set.copyOf(directions);
      axes = Set.copyOf(axes);
    }

    boolean fits(Difference one) {
      return parts.contains(one.part()) && directions.contains(one.direction());
    }
  }

  /// How good an evaluation must be to count.
  ///
  /// @param marginMax the largest regression that its plan may let pass, as a share
  /// @param confidenceMin the least confidence of its bounds
  public record Evidence(double marginMax, double confidenceMin) {
    public Evidence {
      if (!(marginMax > 0 && marginMax <= 1 && confidenceMin >= 0.5 && confidenceMin < 1)) {
        throw new IllegalArgumentException(
            "`evidence` has a `marginMax` above 0 and a `confidenceMin` of 0.5 to below 1");
      }
    }
  }

  /// Returns how good evaluations of a change that was classified so must be.
  Evidence evidence(Optional<Verdict> kind) {
    return kind.filter(Verdict.FAST::equals).isPresent() ? fastEvidence : evidence;
  }

  /// Returns which axes `one` can touch, and by which trigger.
  Trigger of(Difference one) {
    return first(triggers, one)
        .or(() -> first(narrowings, one))
        .or(() -> Optional.of(fast).filter(it -> it.fits(one)))
        .orElseGet(() ->
            new Trigger(
                "unforeseen",
                Set.of(one.part()),
                Set.of(one.direction()),
                EnumSet.allOf(Axis.class)));
  }

  private static Optional<Trigger> first(List<Trigger> all, Difference one) {
    return all.stream().filter(trigger -> trigger.fits(one)).findFirst();
  }

  /// Returns the evaluations that `axes` demand, sorted.
  List<String> demanded(Set<Axis> axes) {
    var all = new TreeSet<String>();
    axes.forEach(axis -> all.addAll(suites.getOrDefault(axis, List.of())));
    return List.copyOf(all);
  }

  /// Reads a policy.
  ///
  /// @throws IllegalArgumentException if it holds a word that is not known, or lacks a section
  public static Triggers read(String text) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(text);
    } catch (tools.jackson.core.JacksonException e) {
      throw new IllegalArgumentException("the triggers are not JSON: " + e.getOriginalMessage(), e);
    }
    var suites = new TreeMap<Axis, List<String>>();
    json.path("suites")
        .propertyStream()
        .forEach(
            entry -> suites.put(Word.parse(Axis.class, entry.getKey()), texts(entry.getValue())));
    var triggers = json.path("triggers").valueStream().map(Triggers::trigger).toList();
    if (triggers.isEmpty() || suites.size() != Axis.values().length) {
      throw new IllegalArgumentException(
          "triggers have `triggers` and, for each of the four axes, `suites`");
    }
    return new Triggers(
        triggers,
        json.path("narrowings").valueStream().map(Triggers::trigger).toList(),
        trigger(json.path("fast")),
        texts(json.path("fast").path("suites")),
        suites,
        evidence(json.path("evidence"), new Evidence(0.1, 0.95)),
        evidence(json.path("fast").path("evidence"), new Evidence(0.15, 0.95)),
        json.path("sensitiveFrom").asLong(0),
        CanonicalJson.digest(json));
  }

  private static Evidence evidence(JsonNode json, Evidence otherwise) {
    return new Evidence(
        json.path("marginMax").asDouble(otherwise.marginMax()),
        json.path("confidenceMin").asDouble(otherwise.confidenceMin()));
  }

  private static Trigger trigger(JsonNode json) {
    return new Trigger(
        json.path("name").asString(""),
        Set.copyOf(texts(json.path("parts")).stream().map(w -> Word.parse(Part.class, w)).toList()),
        Set.copyOf(
            texts(json.path("directions")).stream()
                .map(w -> Word.parse(Difference.Direction.class, w))
                .toList()),
        Set.copyOf(texts(json.path("axes")).stream().map(w -> Word.parse(Axis.class, w)).toList()));
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(one -> one.asString("")).toList();
  }

  private static String resource() {
    try (var in = Triggers.class.getResourceAsStream("triggers.json")) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(),
          java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("read the triggers that come with the server", e);
    }
  }
}
