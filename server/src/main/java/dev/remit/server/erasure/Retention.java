package dev.remit.server.erasure;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.ledger.ErasureScope;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.Recording;
import dev.remit.server.ledger.SubjectKeyStore;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registry;
import dev.remit.server.registry.Workflow;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Erases content that has outlived the retention of its workflow, as that is declared now; of a
/// workflow that is declared no longer, as it last was. Never what is under a legal hold.
///
/// Each step is one transaction with the entry that says how much. What was missed, by a crash or
/// because there was too much, comes with the next run.
public final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int STEP = 1_000;

  private final Database database;
  private final Ledger ledger;
  private final Registry registry;
  private final Tasks tasks;
  private final LegalHolds holds;
  private final SubjectKeyStore keys;
  private final int keysMax;
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param keysMax most keys of one workflow that one run destroys
  public Retention(
      Database database,
      Ledger ledger,
      Registry registry,
      Tasks tasks,
      LegalHolds holds,
      int keysMax) {
    this.database = database;
    this.ledger = ledger;
    this.registry = registry;
    this.tasks = tasks;
    this.holds = holds;
    this.keys = new SubjectKeyStore(ledger);
    this.keysMax = keysMax;
  }

  /// Runs now and then, until closed.
  public void every(Duration pause, InstantSource clock) {
    Thread.ofVirtual()
        .name("retention")
        .start(() -> {
          try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
              runOrWarn(clock.instant());
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void runOrWarn(Instant now) {
    try {
      run(now);
    } catch (RuntimeException e) {
      LOG.warn("what has outlived its retention could not be erased yet: {}", e.getMessage());
    }
  }

  /// Erases what is due at `now`.
  ///
  /// @return how many keys were destroyed
  public long run(Instant now) {
    long destroyed = 0;
    for (var workflow : database.transact(tx -> keys.workflows(tx, now))) {
      var declared = registry.ever(new Ref(Kind.WORKFLOW, workflow));
      if (declared.isPresent() && declared.get() instanceof Workflow known) {
        destroyed += expire(known, now);
      }
    }
    if (destroyed > 0) {
      database.reclaim("ledger_kek");
    }
    return destroyed;
  }

  private long expire(Workflow workflow, Instant now) {
    long destroyed = 0;
    var last = Optional.of("");
    while (last.isPresent() && destroyed < keysMax) {
      var after = last.get();
      int max = (int) Math.min(STEP, keysMax - destroyed);
      var step = ledger.transact(recording -> step(recording, workflow, after, max, now));
      keys.forget(step.names());
      destroyed += step.names().size();
      last = step.last();
    }
    return destroyed;
  }

  /// @param last the name after which there is more
  private record Step(List<String> names, Optional<String> last) {}

  private Step step(Recording recording, Workflow workflow, String after, int max, Instant now) {
    var tx = recording.tx();
    var before = now.minus(workflow.retention());
    var scope = new ErasureScope.OfWorkflow(new WorkflowName(workflow.key()), before);
    var standing = holds.kept(tx);
    var found = keys.find(tx, scope, after, max);
    var due = new ArrayList<String>();
    long held = 0;
    for (var key : found) {
      if (LegalHolds.over(key.subject(), standing).isPresent()) {
        held++;
      } else if (!isAtWork(recording, key, now)) {
        due.add(key.name());
      }
    }
    if (!due.isEmpty()) {
      recording.append(
          Entry.of(EntryType.EVIDENCE_EXPIRED, now)
              .with("workflow", workflow.key())
              .with("retentionDays", workflow.retention().toDays())
              .with("before", before)
              .with("keys", due.size())
              .with("erased", keys.bodies(tx, due))
              .with("held", held));
      keys.destroy(tx, due, now);
    }
    return new Step(
        List.copyOf(due),
        found.size() < max ? Optional.empty() : Optional.of(found.getLast().name()));
  }

  private boolean isAtWork(Recording recording, SubjectKeyStore.Kept key, Instant now) {
    return key.subject()
        .task()
        .map(task -> !tasks.atWork(recording.tx(), List.of(new TaskId(task)), now).isEmpty())
        .orElse(false);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
