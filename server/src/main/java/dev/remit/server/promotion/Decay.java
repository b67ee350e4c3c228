package dev.remit.server.promotion;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.Stage;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.kernel.promotion.GateItem;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.promotion.PromotionStore.Notice;
import dev.remit.server.registry.Author;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way back: a workflow stays in production while the gate would open for it again. What decays
/// is told first, as a finding with the day on which it demotes, and demotes only if nobody has
/// mended it by then.
public final class Decay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Decay.class);
  private static final PersonName NOBODY = new PersonName("remit");
  private static final Author REMIT = new Author(NOBODY, Set.of(Role.OWNER));

  private final Database database;
  private final Ledger ledger;
  private final Registry registry;
  private final Findings findings;
  private final LiveGate gate;
  private final Promotions promotions;
  private final PromotionConfig config;
  private final PromotionStore store = new PromotionStore();
  private final CountDownLatch closed = new CountDownLatch(1);

  public Decay(
      Database database,
      Ledger ledger,
      Registry registry,
      Findings findings,
      LiveGate gate,
      Promotions promotions,
      PromotionConfig config) {
    this.database = database;
    this.ledger = ledger;
    this.registry = registry;
    this.findings = findings;
    this.gate = gate;
    this.promotions = promotions;
    this.config = config;
  }

  /// Looks now and then, until closed.
  public void every(Duration pause, InstantSource clock) {
    Thread.ofVirtual()
        .name("promotion-decay")
        .start(() -> {
          try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
              sweepOrWarn(clock.instant());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void sweepOrWarn(Instant now) {
    try {
      promotions.sweep(now);
      sweep(now);
    } catch (RuntimeException e) {
      LOG.warn("the proofs of what is in production could not be looked at: {}", e.getMessage());
    }
  }

  /// Looks at everything that is in production.
  public void sweep(Instant at) {
    var now = at.truncatedTo(ChronoUnit.MICROS);
    for (var notice : database.transact(tx -> store.notices(tx))) {
      if (!isInProduction(notice.workflow())) {
        restored(notice, now);
      }
    }
    registry.current().workflows().stream()
        .filter(workflow -> workflow.stage() == Stage.PRODUCTION)
        .map(Workflow::name)
        .sorted()
        .forEach(workflow -> look(workflow, now));
  }

  private boolean isInProduction(WorkflowName workflow) {
    return registry
        .current()
        .workflow(workflow)
        .filter(known -> known.stage() == Stage.PRODUCTION)
        .isPresent();
  }

  private void look(WorkflowName workflow, Instant now) {
    var result = gate.of(workflow, now);
    var notice = database.transact(tx -> store.notice(tx, workflow));
    if (result.isEmpty()) {
      return;
    }
    var unmet = result.get().unmet();
    if (unmet.isEmpty()) {
      notice.ifPresent(one -> restored(one, now));
    } else if (notice.isEmpty()) {
      noticed(workflow, unmet, now);
    } else if (!isTold(workflow)) {
      // It was noticed, and the finding was lost: nobody is demoted without having been told.
      findings.raise(sighting(notice.get(), unmet), now);
    } else if (config.required() && !now.isBefore(notice.get().demotesAt())) {
      demote(workflow, unmet, now);
    }
  }

  private boolean isTold(WorkflowName workflow) {
    return findings.open(Finding.Severity.HIGH).stream()
        .anyMatch(finding ->
            finding.kind().equals(LiveGate.DECAYED) && finding.subject().equals(workflow.value()));
  }

  private void noticed(WorkflowName workflow, List<GateItem> unmet, Instant now) {
    var items = unmet.stream().map(GateItem::item).toList();
    var notice = new Notice(workflow, items, now, now.plus(config.grace()));
    boolean first =
        ledger.transact(recording -> {
          if (!store.notice(recording.tx(), notice)) {
            return false;
          }
          recording.append(
              Entry.of(EntryType.PROOF_DECAYED, now)
                  .with("workflow", workflow.value())
                  .with("items", items)
                  .with("demotesAt", notice.demotesAt()));
          return true;
        });
    if (first) {
      findings.raise(sighting(notice, unmet), now);
    }
  }

  private Finding.Sighting sighting(Notice notice, List<GateItem> unmet) {
    var what =
        unmet.stream()
            .map(item -> item.item() + ": " + item.says())
            .collect(Collectors.joining("; "));
    return new Finding.Sighting(
        LiveGate.DECAYED,
        notice.workflow().value(),
        Finding.Severity.HIGH,
        "`%s` is in production and its proofs have decayed%s: %s"
            .formatted(
                notice.workflow(),
                config.required() ? ", so it is demoted at " + notice.demotesAt() : "",
                what),
        unmet.getFirst().next() + "; then `remit promote gate " + notice.workflow() + "`",
        Role.OWNER);
  }

  private void restored(Notice notice, Instant now) {
    ledger.transact(recording -> {
      boolean was = store.forget(recording.tx(), notice.workflow());
      if (was) {
        recording.append(over(notice.workflow(), "mended", now));
      }
      return was;
    });
  }

  static Entry over(WorkflowName workflow, String why, Instant now) {
    return Entry.of(EntryType.PROOF_RESTORED, now)
        .with("workflow", workflow.value())
        .with("why", why);
  }

  private void demote(WorkflowName workflow, List<GateItem> unmet, Instant now) {
    var reason =
        "its proofs had decayed and were not mended in time: "
            + unmet.stream().map(GateItem::item).collect(Collectors.joining(", "));
    var demoted = promotions.demote(workflow, REMIT, reason, now);
    LOG.warn("workflow {} is a pilot again: {} ({})", workflow, reason, Optional.of(demoted));
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
