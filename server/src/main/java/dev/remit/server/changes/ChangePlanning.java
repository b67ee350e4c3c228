package dev.remit.server.changes;

import dev.remit.kernel.identity.ChangeId;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.evaluations.Endpoints;
import dev.remit.server.evaluations.Evaluations;
import dev.remit.server.evaluations.Plan;
import dev.remit.server.evaluations.Planning;
import dev.remit.server.registry.Fingerprints;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import java.time.Instant;
import java.util.Optional;

/// Freezes the plan of the evaluation that a change needs: its suites, with what it brings as the
/// candidate and what was approved before as the baseline, both as they were declared, whatever is
/// declared by the time it runs.
public final class ChangePlanning {
  private final Changes changes;
  private final Evaluations evaluations;
  private final Endpoints endpoints;
  private final ChangesConfig config;

  public ChangePlanning(
      Changes changes, Evaluations evaluations, Endpoints endpoints, ChangesConfig config) {
    this.changes = changes;
    this.evaluations = evaluations;
    this.endpoints = endpoints;
    this.config = config;
  }

  /// What of the plan is up to whoever wants it.
  ///
  /// @param candidate whom to ask instead of the declared model
  /// @param labels whether people label what judges can err about
  public record Wanted(
      Optional<String> candidate,
      Optional<String> judge,
      boolean labels,
      int sample,
      int repeats,
      Plan.Budget budget) {}

  /// What comes of it.
  public sealed interface Done {
    record Ready(Planning.Result.Ready plan) implements Done {}

    record Refused(String reason, String why, String next) implements Done {}
  }

  /// Empty if there is no such change.
  public Optional<Done> of(ChangeId id, Wanted wanted, PersonName by, Instant now) {
    return changes.row(id).map(change -> of(change, wanted, by, now));
  }

  private Done of(Change change, Wanted wanted, PersonName by, Instant now) {
    if (change.suites().isEmpty()) {
      return new Done.Refused(
          "nothing-needed",
          change.id() + " needs no evaluation",
          "`remit changes show " + change.id() + "` says how far it is");
    }
    var before = change.before().flatMap(changes::row);
    var candidate = wanted.candidate().or(() -> candidate(change, before));
    if (candidate.isEmpty()) {
      return new Done.Refused(
          "nobody-to-ask",
          "more than the model differs, or the model answers at no declared resource, so the whole"
              + " agent has to be asked",
          "name it in `evaluations.endpoints` with its `identity`; or evaluate it elsewhere, and let"
              + " somebody else `remit changes evaluated "
              + change.id()
              + "`");
    }
    var demanded = config.triggers().evidence(change.kind());
    var wish =
        new Planning.Wish(
            change.suites(),
            candidate.get(),
            baseline(change, before, candidate.get()),
            wanted.judge(),
            wanted.repeats(),
            demanded.marginMax(),
            demanded.confidenceMin(),
            false,
            wanted.labels(),
            wanted.sample(),
            wanted.budget());
    return switch (evaluations.plan(wish, by, now)) {
      case Planning.Result.Ready ready -> new Done.Ready(ready);
      case Planning.Result.Wrong(var why, var next) -> new Done.Refused("no-plan", why, next);
    };
  }

  /// The whole agent where one is configured; the model alone where only that differs.
  private Optional<String> candidate(Change change, Optional<Change> before) {
    return changes
        .identity(change)
        .flatMap(identity -> endpoints.agent(identity.name()))
        .or(() ->
            Optional.of(change)
                .filter(_ ->
                    Evidence.candidates(change, before)
                        .contains(Fingerprints.ofModel(change.fingerprint())))
                .flatMap(ChangePlanning::model)
                .filter(endpoints::knows));
  }

  /// What was approved before, where that is another model that can still be asked.
  private Optional<String> baseline(Change change, Optional<Change> before, String candidate) {
    return before
        .filter(_ -> model(change).filter(candidate::equals).isPresent())
        .filter(was ->
            !Fingerprints.ofModel(was.fingerprint())
                .equals(Fingerprints.ofModel(change.fingerprint())))
        .flatMap(ChangePlanning::model)
        .filter(endpoints::knows);
  }

  /// The model of a change at the revision that it had then.
  private static Optional<String> model(Change change) {
    ModelName name = change.model();
    var revision = change.revisions().path(new Ref(Kind.MODEL, name.value()).toString());
    return revision.isIntegralNumber()
        ? Optional.of(name + "@" + revision.longValue())
        : Optional.empty();
  }
}
