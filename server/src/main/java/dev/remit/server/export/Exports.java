package dev.remit.server.export;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.ExportStore.Aside;
import dev.remit.server.export.ExportStore.Position;
import dev.remit.server.findings.Findings;
import dev.remit.server.ledger.Body;
import dev.remit.server.ledger.Ledger;
import dev.remit.server.ledger.LedgerReader;
import dev.remit.server.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// The exports of this node: each on a thread of its own, from its own position in this node's log.
public final class Exports implements AutoCloseable {
  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final Database database;
  private final Ledger ledger;
  private final LedgerReader reader;
  private final CompletableFuture<Void> stopping = new CompletableFuture<>();
  private final List<Running> running;

  private record Running(
      ExportConfig config, ExportStore store, ExportLoop loop, Trouble trouble, Thread thread) {}

  /// Begins to send.
  ///
  /// @param configs their names differ
  public Exports(
      List<ExportConfig> configs,
      Database database,
      Ledger ledger,
      LedgerReader reader,
      Findings findings,
      Transmitter transmitter,
      InstantSource clock) {
    this.database = database;
    this.ledger = ledger;
    this.reader = reader;
    this.running =
        configs.stream().map(config -> start(config, findings, transmitter, clock)).toList();
  }

  private Running start(
      ExportConfig config, Findings findings, Transmitter transmitter, InstantSource clock) {
    var trouble = new Trouble(config, findings);
    var log = OwnLog.of(config.name(), database, ledger, reader);
    var loop =
        new ExportLoop(
            config,
            log,
            Destinations.open(config, transmitter, stopping, clock),
            trouble,
            clock,
            RandomGenerator.getDefault());
    var thread = Thread.ofVirtual().name("export " + config.name()).start(loop::run);
    return new Running(config, log.store(), loop, trouble, thread);
  }

  /// How one export stands.
  ///
  /// @param next first entry that is to be sent next
  /// @param size entries that there are
  /// @param held entries that wait for another try, below `next`
  /// @param asides what was given up, the newest first; 50 at most
  record Standing(
      ExportConfig config,
      long next,
      long size,
      Optional<Instant> movedAt,
      long held,
      List<Aside> asides,
      Optional<Trouble.Now> trouble,
      boolean isGone) {
    Standing {
      asides = List.copyOf(asides);
    }
  }

  /// How far one of them has come, for whoever may not see the rest.
  ///
  /// @param lag entries that are not sent yet
  /// @param held entries that wait for another try
  /// @param setAside entries that were given up lately
  /// @param trouble what stands in its way now
  public record Progress(
      String name,
      long lag,
      long held,
      long setAside,
      Optional<String> trouble,
      Optional<Instant> troubleSince,
      boolean isGone) {}

  public List<Progress> progress() {
    return list().stream()
        .map(one ->
            new Progress(
                one.config().name(),
                one.size() - one.next(),
                one.held(),
                one.asides().stream().mapToLong(Aside::entries).sum(),
                one.trouble().map(Trouble.Now::why),
                one.trouble().map(Trouble.Now::since),
                one.isGone()))
        .toList();
  }

  List<Standing> list() {
    return running.stream().map(this::standing).toList();
  }

  private Standing standing(Running one) {
    long size = reader.size();
    return database.transact(tx -> {
      var position = one.store().position(tx);
      return new Standing(
          one.config(),
          position.map(Position::next).orElse(0L),
          size,
          position.map(Position::movedAt),
          one.store().heldCount(tx),
          one.store().asides(tx),
          one.trouble().now(),
          one.loop().isGone());
    });
  }

  /// What becomes of setting an export back, or on.
  sealed interface Rewinding {

    record Done(Standing standing) implements Rewinding {}

    record Unknown() implements Rewinding {}

    /// The log has only so many entries.
    record Beyond(long size) implements Rewinding {}
  }

  /// Lets the export send from `to` on, and records who wanted that. What waited for another try
  /// from there on waits no longer.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when it could not be made durable
  Rewinding rewind(String name, long to, PersonName by, String reason, Instant now) {
    var found = running.stream().filter(one -> one.config().name().equals(name)).findFirst();
    if (found.isEmpty()) {
      return new Rewinding.Unknown();
    }
    long size = reader.size();
    if (to > size) {
      return new Rewinding.Beyond(size);
    }
    var one = found.get();
    ledger.transact(recording -> {
      var tx = recording.tx();
      one.store().begin(tx, to, now);
      var from = one.store().positionToSet(tx).orElseThrow();
      one.store().move(tx, from, to, now);
      one.store().forgetHeld(tx, to);
      recording.append(
          Entry.of(EntryType.EXPORT_REWOUND, now)
              .with("export", name)
              .with("from", from.next())
              .with("to", to)
              .with("by", by.value()),
          Body.of("reason", reason));
      return true;
    });
    one.loop().wake();
    return new Rewinding.Done(standing(one));
  }

  /// Ends; what was not acknowledged is sent again after the next start.
  @Override
  public void close() {
    running.forEach(one -> one.loop().close());
    stopping.complete(null);
    try {
      for (var one : running) {
        one.thread().join(CLOSE_MAX);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
