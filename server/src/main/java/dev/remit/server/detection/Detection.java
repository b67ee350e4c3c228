package dev.remit.server.detection;

import dev.remit.kernel.identity.TaskId;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import dev.remit.server.findings.Findings;
import dev.remit.server.gateway.TokenUse;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Registry;
import dev.remit.server.store.Database;
import dev.remit.server.tokens.Task;
import dev.remit.server.tokens.Tasks;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Looks at what this node records, entry by entry, and raises what is wrong.
///
/// A finding is raised before the position passes its entry: after a crash it is seen again, and
/// counted once more, but never lost. While the database is away nothing is looked at, and nothing
/// is recorded either.
public final class Detection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Detection.class);
  private static final int PAGE = 500;
  private static final long STOP_MAX_MS = 5_000;

  private final DetectionConfig config;
  private final Database database;
  private final String log;
  private final LedgerReader reader;
  private final Findings findings;
  private final InstantSource clock;
  private final DetectionStore store = new DetectionStore();
  private final Places places;
  private final List<Detector> detectors;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /// Begins with what is recorded from now on, where it has not begun before.
  ///
  /// @param log the name of this node's log
  public Detection(
      DetectionConfig config,
      Database database,
      String log,
      LedgerReader reader,
      Registry registry,
      Tasks tasks,
      Findings findings,
      InstantSource clock) {
    this(
        config,
        database,
        log,
        reader,
        tasks::find,
        (kind, name, revision) -> revision(registry, kind, name, revision),
        registry::current,
        findings,
        clock);
  }

  Detection(
      DetectionConfig config,
      Database database,
      String log,
      LedgerReader reader,
      Function<TaskId, Optional<Task>> tasks,
      Escalation.Revisions revisions,
      Supplier<Registered> registered,
      Findings findings,
      InstantSource clock) {
    this.config = config;
    this.database = database;
    this.log = log;
    this.reader = reader;
    this.findings = findings;
    this.clock = clock;
    this.places = new Places(config.placesWithin());
    this.detectors =
        List.of(
            new SharedCredential(database, config.keyWithin()),
            new LateUse(tasks, config.lateAfter()),
            new PersonAsWorkload(),
            new OutsideWorkflow(config.outsideMin(), config.outsideWithin()),
            new Escalation(revisions),
            new KeyRolled(),
            new RiskRise(),
            new PilotInProduction(registered));
    long begin = reader.size();
    database.run(tx -> {
      if (store.position(tx, log).isEmpty()) {
        store.move(tx, log, begin);
      }
    });
    this.thread = Thread.ofVirtual().name("detection").start(this::loop);
  }

  /// What is told of every use of a token; never blocks.
  public Consumer<TokenUse> places() {
    return places;
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(STOP_MAX_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    try {
      while (!closed.await(config.every().toMillis(), TimeUnit.MILLISECONDS)) {
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    try {
      places.drain().forEach(this::raise);
      while (closed.getCount() > 0 && page()) {
        LOG.debug("more entries to look at");
      }
      database.run(tx -> store.prune(tx, clock.instant().minus(config.keyWithin())));
    } catch (RuntimeException e) {
      // Looked at again from the stored position.
      LOG.warn("looking for misuse failed, and is tried again: {}", e.getMessage());
    }
  }

  /// Looks at one page, and says whether there was a whole one.
  private boolean page() {
    long from = database.transact(tx -> store.position(tx, log)).orElseGet(reader::size);
    var page = reader.page(from, PAGE);
    for (var entry : page) {
      look(entry);
    }
    if (!page.isEmpty()) {
      database.run(tx -> store.move(tx, log, page.getLast().index() + 1));
    }
    return page.size() == PAGE;
  }

  private void look(RecordedEntry entry) {
    detectors.forEach(detector -> detector.look(entry).ifPresent(this::raise));
  }

  private void raise(Finding.Sighting sighting) {
    findings.raise(sighting, clock.instant());
  }

  private static Optional<? extends JsonNode> revision(
      Registry registry, String kind, String name, long revision) {
    return switch (kind) {
      case "grant" -> registry.revision(new Ref(Kind.GRANT, name), revision);
      case "person" -> registry.revision(new Ref(Kind.PERSON, name), revision);
      case "workflow" -> registry.revision(new Ref(Kind.WORKFLOW, name), revision);
      default -> Optional.empty();
    };
  }
}
