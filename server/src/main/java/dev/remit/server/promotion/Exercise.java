package dev.remit.server.promotion;

import dev.remit.kernel.identity.ExerciseId;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Applied;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.ManifestFile;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Stored;
import dev.remit.server.registry.Wish;
import dev.remit.server.store.DatabaseUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tries whether somebody is told when authority grows: really widens one grant of the workflow by
/// one call a task, by its author's own approval, waits for the alarm that this must raise, and
/// takes it back.
///
/// If the server dies between, the grant keeps its one call more, and the finding stays open.
public final class Exercise {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final int PUT_BACK_ATTEMPTS_MAX = 50;
  private static final String ALARM = "privilege-escalation";
  private static final Author REMIT = new Author(new PersonName("remit"), Set.of(Role.OWNER));

  private final Registry registry;
  private final Findings findings;
  private final Ledger ledger;
  private final PromotionConfig config;
  private final InstantSource clock;

  public Exercise(
      Registry registry,
      Findings findings,
      Ledger ledger,
      PromotionConfig config,
      InstantSource clock) {
    this.registry = registry;
    this.findings = findings;
    this.ledger = ledger;
    this.config = config;
    this.clock = clock;
  }

  /// What came of it.
  public sealed interface Done {

    /// It was carried through.
    ///
    /// @param finding the alarm; empty if none was raised in time
    record Finished(ExerciseId id, String grant, Optional<Finding> finding, Duration took)
        implements Done {}

    /// The workflow has no grant that could be widened.
    record NothingGranted() implements Done {}

    /// Whoever asks may not do what would have to be noticed.
    record Refused(String why) implements Done {}
  }

  /// Runs it, and waits for it.
  public Done run(WorkflowName workflow, Author by) {
    if (!by.roles().contains(Role.APPROVER)) {
      return new Done.Refused("it takes a person with the roles approver and security");
    }
    return grant(workflow)
        .map(stored -> run(workflow, stored, by))
        .orElseGet(Done.NothingGranted::new);
  }

  private Optional<Stored> grant(WorkflowName workflow) {
    var known = registry.current();
    return known.grants().stream()
        .filter(grant ->
            known
                .identity(grant.identity())
                .filter(identity -> identity.workflow().equals(workflow))
                .isPresent())
        .min(Comparator.comparing(Grant::name))
        .flatMap(grant -> registry.find(new Ref(Kind.GRANT, grant.key())));
  }

  private Done run(WorkflowName workflow, Stored grant, Author by) {
    var begun = clock.instant();
    var id = ExerciseId.fresh(begun);
    var wider = grant.spec().deepCopy();
    long calls = wider.at("/limits/callsPerTask").asLong(1);
    wider.withObject("limits").put("callsPerTask", calls + 1);
    wider.put("approvedBy", by.name().value());
    if (!(apply(grant, wider, by, begun) instanceof Applied.Done)) {
      return new Done.Refused("grant `" + grant.ref().name() + "` cannot be widened as it stands");
    }
    Optional<Finding> alarm = Optional.empty();
    try {
      alarm = awaited(grant, begun);
    } finally {
      putBack(grant);
    }
    var took = Duration.between(begun, clock.instant());
    record(id, workflow, grant, alarm, took, by);
    alarm
        .filter(finding -> !finding.raisedAt().isBefore(begun))
        .ifPresent(finding -> {
          var _ =
              findings.close(finding.id(), by.name(), "raised by exercise " + id, clock.instant());
        });
    return new Done.Finished(id, grant.ref().name(), alarm, took);
  }

  /// What was widened must not stay so because the database was away for a moment.
  private void putBack(Stored grant) {
    for (int attempt = 1; ; attempt++) {
      try {
        var _ = apply(grant, grant.spec(), REMIT, clock.instant());
        return;
      } catch (DatabaseUnavailable e) {
        if (attempt == PUT_BACK_ATTEMPTS_MAX) {
          throw e;
        }
        pause();
      }
    }
  }

  private Applied apply(Stored grant, ObjectNode spec, Author by, Instant now) {
    var manifest = JsonMapper.shared().createObjectNode();
    manifest.put("apiVersion", "remit.dev/v1").put("kind", "Grant");
    manifest.putObject("metadata").put("name", grant.ref().name());
    manifest.set("spec", spec);
    var file = new ManifestFile("exercise.yaml", manifest.toString());
    return registry.exercise(
        new Wish(List.of(file), grant.set(), false, OptionalLong.empty()), by, now);
  }

  private Optional<Finding> awaited(Stored grant, Instant begun) {
    var subject = "grant " + grant.ref().name();
    long end = System.nanoTime() + config.alertWithin().toNanos();
    while (System.nanoTime() < end) {
      var alarm =
          findings.open(Finding.Severity.HIGH).stream()
              .filter(finding -> finding.kind().equals(ALARM))
              .filter(finding -> finding.subject().equals(subject))
              .filter(finding -> !finding.seenAt().isBefore(begun))
              .findFirst();
      if (alarm.isPresent()) {
        return alarm;
      }
      pause();
    }
    return Optional.empty();
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the exercise was interrupted", e);
    }
  }

  private void record(
      ExerciseId id,
      WorkflowName workflow,
      Stored grant,
      Optional<Finding> alarm,
      Duration took,
      Author by) {
    ledger.append(
        Entry.of(EntryType.EXERCISE_FINISHED, clock.instant())
            .with("id", id.value())
            .with("workflow", workflow.value())
            .with("grant", grant.ref().name())
            .with("outcome", alarm.isPresent() ? "met" : "missed")
            .with("millis", took.toMillis())
            .withMaybe("finding", alarm.map(finding -> finding.id().value()))
            .with("by", by.name().value()));
  }
}
