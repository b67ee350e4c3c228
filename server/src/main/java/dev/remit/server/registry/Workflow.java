package dev.remit.server.registry;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/// A named business process that AI workloads serve.
///
/// @param escalation whom to reach, and how, when something goes wrong
/// @param dataClasses every class of data its identities may be granted
/// @param intents what a task of this workflow may be started for; never empty
/// @param pilotExpires first instant at which a pilot does nothing any more; there exactly while
///   `stage` is [Stage#PILOT]
/// @param retention how long evidence about it is kept
/// @param timeZone whose clock its working hours go by
/// @param successor who owns it from the moment when its owner no longer can
public record Workflow(
    WorkflowName name,
    String purpose,
    PersonName owner,
    Optional<PersonName> sponsor,
    String escalation,
    Set<String> dataClasses,
    Set<String> intents,
    Stage stage,
    Optional<Instant> pilotExpires,
    Duration retention,
    ZoneId timeZone,
    Optional<PersonName> successor)
    implements Declared {

  public Workflow {
    dataClasses = Set.copyOf(dataClasses);
    intents = Set.copyOf(intents);
    if (intents.isEmpty()) {
      throw new IllegalArgumentException("workflow " + name + " has no intents");
    }
    if (pilotExpires.isPresent() != (stage == Stage.PILOT)) {
      throw new IllegalArgumentException("workflow " + name + ": only a pilot has an expiry");
    }
  }

  /// One without a successor.
  public Workflow(
      WorkflowName name,
      String purpose,
      PersonName owner,
      Optional<PersonName> sponsor,
      String escalation,
      Set<String> dataClasses,
      Set<String> intents,
      Stage stage,
      Optional<Instant> pilotExpires,
      Duration retention,
      ZoneId timeZone) {
    this(
        name,
        purpose,
        owner,
        sponsor,
        escalation,
        dataClasses,
        intents,
        stage,
        pilotExpires,
        retention,
        timeZone,
        Optional.empty());
  }

  /// The same workflow, owned by `other`.
  Workflow ownedBy(PersonName other) {
    return new Workflow(
        name,
        purpose,
        other,
        sponsor,
        escalation,
        dataClasses,
        intents,
        stage,
        pilotExpires,
        retention,
        timeZone,
        successor);
  }

  /// Whether work may be started or carried on for it at `now`.
  public boolean runs(Instant now) {
    return switch (stage) {
      case PILOT -> pilotExpires.filter(now::isBefore).isPresent();
      case PRODUCTION -> true;
      case RETIRED -> false;
    };
  }

  @Override
  public Kind kind() {
    return Kind.WORKFLOW;
  }

  @Override
  public String key() {
    return name.value();
  }
}
