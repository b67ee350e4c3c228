package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.RecordedEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// What happened in one task, in order: what models were asked and what they proposed, what was
/// called, and what came of it. So a harmless-looking answer and the data action that followed from
/// it stand side by side, and so does what nobody proposed.
///
/// Made of entries alone; says nothing that a verified bundle does not hold. A call is linked to
/// the proposal that its entry names (`proposedBy`), never by guessing.
///
/// @param steps by the time of their decision
public record Course(List<Step> steps) {

  public Course {
    steps = List.copyOf(steps);
  }

  /// One thing that was asked for.
  public sealed interface Step {
    Doing doing();
  }

  /// What both kinds have in common.
  ///
  /// @param decision its id
  /// @param verdict what was decided, or `refused` where policy was not even asked
  /// @param because policies that decided, or the reason of a refusal
  /// @param ended what became of it; empty while that is not known
  /// @param secrets kinds of secrets that were seen in it, on the way there or back
  public record Doing(
      String decision,
      Instant at,
      String identity,
      String target,
      String action,
      String verdict,
      String because,
      Optional<Ended> ended,
      List<String> secrets) {

    public Doing {
      secrets = secrets.stream().distinct().sorted().toList();
    }

    Doing with(Ended end, List<String> more) {
      var all = new ArrayList<>(secrets);
      all.addAll(more);
      return new Doing(
          decision, at, identity, target, action, verdict, because, Optional.of(end), all);
    }
  }

  /// How it ended.
  ///
  /// @param bytes length of what came back
  public record Ended(String outcome, Duration took, long bytes) {}

  /// A model was asked.
  public record Asked(Doing doing, List<Proposal> proposals) implements Step {
    public Asked {
      proposals = List.copyOf(proposals);
    }
  }

  /// A call that the model proposed.
  ///
  /// @param verdict `passed`, or `refused`: then nobody was shown it
  /// @param calls decisions on calls that followed from it; empty if it was never carried out
  public record Proposal(
      String id, String tool, String verdict, String reason, List<String> calls) {
    public Proposal {
      calls = List.copyOf(calls);
    }
  }

  /// Something was called, read or fetched.
  ///
  /// @param proposedBy the proposal that it carries out; empty where no model's answer is known to
  ///   have proposed it
  public record Called(Doing doing, Optional<String> proposedBy) implements Step {}

  /// Returns the course that `entries` tell of, which are those of one task, in any order.
  public static Course of(List<RecordedEntry> entries) {
    var steps = new LinkedHashMap<String, Step>();
    var sorted = new ArrayList<>(entries);
    // What is told at one moment is told in the order of its log.
    sorted.sort(Comparator.comparing(RecordedEntry::at).thenComparingLong(RecordedEntry::index));
    for (var entry : sorted) {
      switch (entry.type()) {
        case CALL_DECIDED, CALL_REFUSED ->
            entry.id().ifPresent(id -> steps.putIfAbsent(id, step(id, entry)));
        case CALL_ENDED -> entry.of().ifPresent(id -> steps.computeIfPresent(id, ended(entry)));
        case MODEL_PROPOSED ->
            entry.of().ifPresent(id -> steps.computeIfPresent(id, proposed(entry)));
        // Everything else is no step of the work.
        default -> {}
      }
    }
    return new Course(linked(steps));
  }

  private static Step step(String id, RecordedEntry entry) {
    var doing =
        new Doing(
            id,
            entry.at(),
            entry.text("identity").orElse(""),
            entry.text("target").or(() -> entry.text("method")).orElse(""),
            entry.text("action").or(() -> entry.text("method")).orElse(""),
            entry.text("decision").orElse("refused"),
            entry.text("reason").orElseGet(() -> String.join(", ", texts(entry, "because"))),
            Optional.empty(),
            texts(entry, "secrets"));
    return isQuestion(entry)
        ? new Asked(doing, List.of())
        : new Called(doing, entry.text("proposedBy"));
  }

  /// A question to a model names which one it was by its fingerprint; before that, its address.
  private static boolean isQuestion(RecordedEntry entry) {
    return entry.text("action").filter("ask"::equals).isPresent()
        || entry.text("fingerprint").isPresent();
  }

  private static BiFunction<String, Step, Step> ended(RecordedEntry entry) {
    var end =
        new Ended(
            entry.text("outcome").orElse(""),
            Duration.ofNanos(1_000 * entry.content().path("tookMicros").asLong(0)),
            entry.content().path("bytes").asLong(0));
    var secrets = texts(entry, "secrets");
    return (_, step) ->
        switch (step) {
          case Asked(var doing, var proposals) -> new Asked(doing.with(end, secrets), proposals);
          case Called(var doing, var by) -> new Called(doing.with(end, secrets), by);
        };
  }

  private static BiFunction<String, Step, Step> proposed(RecordedEntry entry) {
    var proposal =
        new Proposal(
            entry.id().orElse(""),
            entry.text("target").or(() -> entry.text("tool")).orElse(""),
            entry.text("verdict").orElse(""),
            entry.text("reason").orElse(""),
            List.of());
    return (_, step) -> {
      if (!(step instanceof Asked(var doing, var before))) {
        return step;
      }
      var all = new ArrayList<>(before);
      all.add(proposal);
      return new Asked(doing, all);
    };
  }

  private static List<Step> linked(Map<String, Step> steps) {
    var calls = new LinkedHashMap<String, List<String>>();
    for (var step : steps.values()) {
      if (step instanceof Called(var doing, var by)) {
        by.ifPresent(id -> calls.computeIfAbsent(id, _ -> new ArrayList<>()).add(doing.decision()));
      }
    }
    return steps.values().stream()
        .map(step -> step instanceof Asked asked ? linked(asked, calls) : step)
        .toList();
  }

  private static Step linked(Asked asked, Map<String, List<String>> calls) {
    return new Asked(
        asked.doing(),
        asked.proposals().stream()
            .map(one ->
                new Proposal(
                    one.id(),
                    one.tool(),
                    one.verdict(),
                    one.reason(),
                    calls.getOrDefault(one.id(), List.of())))
            .toList());
  }

  private static List<String> texts(RecordedEntry entry, String member) {
    var texts = new ArrayList<String>();
    entry.content().path(member).forEach(one -> texts.add(one.asString("")));
    return texts;
  }

  /// Whether any model was asked in it.
  public boolean hasQuestions() {
    return steps.stream().anyMatch(Asked.class::isInstance);
  }
}
