package dev.remit.server.notifications;

import dev.remit.kernel.identity.Role;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Subject;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says ahead, once for each end that is declared, that a pilot ends; and that a workflow is left
/// without an owner, for as long as it is. Each is a finding, which is told like every other.
public final class WorkflowWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkflowWatch.class);

  private final Duration ahead;
  private final Findings findings;
  private final Supplier<Registered> registered;
  private final Set<String> said = new HashSet<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param ahead how long before its end
  public WorkflowWatch(Duration ahead, Findings findings, Supplier<Registered> registered) {
    this.ahead = ahead;
    this.findings = findings;
    this.registered = registered;
  }

  /// Looks again and again, until closed.
  public WorkflowWatch every(Duration interval, InstantSource clock) {
    Thread.ofVirtual().name("workflow-watch").start(() -> until(interval, clock));
    return this;
  }

  private void until(Duration interval, InstantSource clock) {
    try {
      do {
        try {
          look(clock.instant());
        } catch (RuntimeException e) {
          LOG.warn("could not say what ends soon, trying again: {}", e.getMessage());
        }
      } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Raises what is so at `now` and was not said before by this process.
  void look(Instant now) {
    var current = registered.get();
    for (var workflow : current.workflows()) {
      workflow
          .pilotExpires()
          .filter(end -> now.isBefore(end) && !now.isBefore(end.minus(ahead)))
          .ifPresent(
              end -> once(workflow.name() + " ends " + end, ends(workflow, end), workflow, now));
      boolean ownerless =
          current.person(workflow.owner()).filter(owner -> !owner.active()).isPresent();
      if (ownerless) {
        once(workflow.name() + " " + workflow.owner(), left(workflow), workflow, now);
      } else {
        said.remove(workflow.name() + " " + workflow.owner());
      }
    }
  }

  private void once(String what, Finding.Sighting sighting, Workflow workflow, Instant now) {
    if (!said.contains(what)) {
      var about =
          new Subject(Optional.empty(), Optional.of(workflow.name().value()), Optional.empty());
      findings.raise(sighting, about, now);
      said.add(what);
    }
  }

  private static Finding.Sighting ends(Workflow workflow, Instant end) {
    return new Finding.Sighting(
        "pilot-ends",
        workflow.name().value(),
        Finding.Severity.MEDIUM,
        "the pilot of workflow `" + workflow.name() + "` ends at " + end,
        "promote it, retire it, or agree on a later end",
        Role.OWNER);
  }

  private static Finding.Sighting left(Workflow workflow) {
    return new Finding.Sighting(
        "owner-left",
        workflow.name().value(),
        Finding.Severity.HIGH,
        "the owner of workflow `"
            + workflow.name()
            + "`, `"
            + workflow.owner()
            + "`, has left, and no successor took over; no token is issued for it",
        "declare another owner, and a `successor` for the next time",
        Role.SECURITY);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
