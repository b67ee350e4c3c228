package dev.remit.server.drills;

import com.nimbusds.jose.jwk.ECKey;
import dev.remit.kernel.identity.DrillId;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.credentials.Secrets;
import dev.remit.server.drills.Drill.Outcome;
import dev.remit.server.drills.DrillConfig.Canary;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.Standings;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Suspends canaries, on demand and by itself, and records how long it took until everything of
/// theirs had ended. A drill that misses its target, or could not be carried through, is a finding.
public final class Drills implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
  private static final int LIST_MAX = 100;
  private static final int DETAIL_MAX = 500;

  private final DrillConfig config;
  private final URI issuer;
  private final InstantSource clock;
  private final Database database;
  private final Ledger ledger;
  private final Supplier<Registered> registered;
  private final Secrets secrets;
  private final Findings findings;
  private final Standings standings;
  private final DrillStore store = new DrillStore();
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param issuer the deployment's public URL
  public Drills(
      DrillConfig config,
      URI issuer,
      InstantSource clock,
      Database database,
      Ledger ledger,
      Supplier<Registered> registered,
      Secrets secrets,
      Findings findings,
      Standings standings) {
    this.config = config;
    this.issuer = issuer;
    this.clock = clock;
    this.database = database;
    this.ledger = ledger;
    this.registered = registered;
    this.secrets = secrets;
    this.findings = findings;
    this.standings = standings;
    if (!config.every().isZero() && !config.canaries().isEmpty()) {
      Thread.ofVirtual().name("drills").start(this::loop);
    }
  }

  /// Drills every canary, or only those of one workflow, and waits for it.
  ///
  /// @return what each has shown; empty if there is no canary
  public List<Drill> run(Optional<WorkflowName> workflow) {
    oneAtATime.lock();
    try {
      var done = new ArrayList<Drill>();
      for (var canary : config.canaries()) {
        var of = workflow(canary);
        if (of.isPresent() && workflow.filter(only -> !only.equals(of.get())).isEmpty()) {
          done.add(run(canary, of.get()));
        }
      }
      return done;
    } finally {
      oneAtATime.unlock();
    }
  }

  /// Returns the newest drills, at most 100.
  public List<Drill> list(Optional<WorkflowName> workflow) {
    return database.transact(tx -> store.newest(tx, workflow, LIST_MAX));
  }

  /// Returns the last drill of a workflow; a promotion asks whether it was met, and when.
  public Optional<Drill> lastFor(WorkflowName workflow) {
    return database.transact(tx -> store.newest(tx, Optional.of(workflow), 1)).stream().findFirst();
  }

  private Optional<WorkflowName> workflow(Canary canary) {
    return registered.get().identity(canary.identity()).map(Identity::workflow);
  }

  private Drill run(Canary canary, WorkflowName workflow) {
    var id = DrillId.fresh(clock.instant());
    var took = new TreeMap<String, List<Duration>>();
    int rounds = 0;
    Optional<String> failed = Optional.empty();
    try (var agent = agent(canary, workflow)) {
      standings.endDrill(Party.of(canary.identity()), clock.instant());
      var round = new Round(config, canary, agent, clock);
      for (; rounds < config.rounds(); rounds++) {
        run(round, id, canary)
            .forEach((part, all) -> {
              took.computeIfAbsent(part, _ -> new ArrayList<>()).addAll(all);
            });
      }
    } catch (DrillFailed e) {
      LOG.warn("drill {} failed: {}", id, e.why());
      failed = Optional.of(shortened(e.why()));
    }
    var drill = drill(id, canary, workflow, rounds, took, failed);
    record(drill);
    return drill;
  }

  private Map<String, List<Duration>> run(Round round, DrillId id, Canary canary) {
    var party = Party.of(canary.identity());
    try {
      return round.run(() -> {
        if (!standings.drill(party, id, clock.instant())) {
          throw new DrillFailed(party + " is suspended; a drill needs a canary that is at work");
        }
      });
    } finally {
      standings.endDrill(party, clock.instant());
    }
  }

  private CanaryAgent agent(Canary canary, WorkflowName workflow) {
    var known = registered.get();
    var identity =
        known
            .identity(canary.identity())
            .orElseThrow(() -> new DrillFailed("identity " + canary.identity() + " is gone"));
    var intent =
        known
            .workflow(workflow)
            .flatMap(found -> found.intents().stream().sorted().findFirst())
            .orElseThrow(() -> new DrillFailed("workflow " + workflow + " is gone"));
    return new CanaryAgent(issuer, identity, intent, key(canary), config.within());
  }

  private ECKey key(Canary canary) {
    var secret =
        secrets
            .open(canary.key())
            .orElseThrow(() ->
                new DrillFailed(
                    "there is no secret " + canary.key() + " with the canary's private JWK"));
    try {
      return ECKey.parse(secret.reveal());
    } catch (ParseException e) {
      // Without its cause, which may quote the key.
      throw new DrillFailed("secret " + canary.key() + " is not the private JWK of a P-256 key");
    }
  }

  private Drill drill(
      DrillId id,
      Canary canary,
      WorkflowName workflow,
      int rounds,
      Map<String, List<Duration>> took,
      Optional<String> failed) {
    var parts =
        took.entrySet().stream()
            .map(part -> Drill.Part.of(part.getKey(), part.getValue().stream().sorted().toList()))
            .toList();
    var slow =
        parts.stream()
            .filter(part -> part.max().compareTo(config.target()) > 0)
            .map(part -> part.name() + " took up to " + part.max().toMillis() + " ms")
            .reduce((one, other) -> one + "; " + other);
    var outcome =
        failed.isPresent() ? Outcome.FAILED : slow.isPresent() ? Outcome.MISSED : Outcome.MET;
    return new Drill(
        id,
        workflow,
        canary.identity(),
        clock.instant(),
        outcome,
        rounds,
        config.nodes().size(),
        config.target(),
        parts,
        failed.or(() -> slow));
  }

  private void record(Drill drill) {
    ledger.transact(recording -> {
      store.add(recording.tx(), drill);
      recording.append(entry(drill));
      return drill;
    });
    if (drill.outcome() != Outcome.MET) {
      findings.raise(sighting(drill), clock.instant());
    }
  }

  private static Entry entry(Drill drill) {
    return Entry.of(EntryType.DRILL_FINISHED, drill.at())
        .with("id", drill.id().value())
        .with("workflow", drill.workflow().value())
        .with("canary", drill.canary().value())
        .with("outcome", drill.outcome().word())
        .with("rounds", drill.rounds())
        .with("nodes", drill.nodes())
        .with("parts", drill.partsJson())
        .withMaybe("detail", drill.detail());
  }

  private static Finding.Sighting sighting(Drill drill) {
    return new Finding.Sighting(
        "drill-" + drill.outcome().word(),
        drill.workflow().value(),
        Finding.Severity.HIGH,
        "a rehearsed suspension "
            + (drill.outcome() == Outcome.FAILED
                ? "could not be carried through: "
                : "took longer than " + drill.target().toMillis() + " ms: ")
            + drill.detail().orElse(""),
        "mend what it says, then `remit drill run --workflow " + drill.workflow() + "`",
        Role.SECURITY);
  }

  private static String shortened(String text) {
    return text.length() <= DETAIL_MAX ? text : text.substring(0, DETAIL_MAX) + "…";
  }

  private void loop() {
    try {
      while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        runDue(clock.instant());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Drills what has not been drilled for [DrillConfig#every]; whichever node looks first.
  public void runDue(Instant now) {
    try {
      for (var canary : config.canaries()) {
        var workflow = workflow(canary);
        if (workflow.isPresent() && isDue(workflow.get(), now)) {
          run(workflow);
        }
      }
    } catch (RuntimeException e) {
      LOG.error("a drill that was due could not be run", e);
    }
  }

  private boolean isDue(WorkflowName workflow, Instant now) {
    return database.transact(tx -> store.claim(tx, workflow, now, config.every()));
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
