package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Batch;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.Producer;
import dev.remit.server.store.CommitUnknown;
import dev.remit.server.store.Database;
import dev.remit.server.store.DatabaseUnavailable;
import dev.remit.server.store.NotCommitted;
import dev.remit.server.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The commit protocol of one log: how a batch becomes durable, and what is true when it fails.
///
/// Used by the sequencer's thread only. Keeps the tree's right edge in memory; the database's head
/// row decides whether that is still the truth. A batch is in the log if and only if the head row
/// says so, since both are one transaction.
final class LogWriter {
  private final Database database;
  private final LedgerStore store;
  private final KeyWrap kek;
  private final InstantSource clock;
  private final Duration checkpointEvery;
  private final Opened opened;

  private Frontier frontier;
  private long lastN;
  private Instant lastKept = Instant.EPOCH;
  private Optional<Attempt> doubt = Optional.empty();

  /// What starting has found: a log, held by this process from now on.
  record Opened(int log, Producer producer, Signer signer, Frontier frontier, long lastN) {
    String origin() {
      return signer.key().name();
    }
  }

  LogWriter(
      Database database,
      LedgerStore store,
      KeyWrap kek,
      InstantSource clock,
      Duration checkpointEvery,
      Opened opened) {
    this.database = database;
    this.store = store;
    this.kek = kek;
    this.clock = clock;
    this.checkpointEvery = checkpointEvery;
    this.opened = opened;
    this.frontier = opened.frontier();
    this.lastN = opened.lastN();
  }

  Producer producer() {
    return opened.producer();
  }

  String origin() {
    return opened.origin();
  }

  int log() {
    return opened.log();
  }

  /// Number that the next entry will have.
  long nextN() {
    return lastN + 1;
  }

  /// Whether the last attempt's fate is unknown; [#settle] before anything else is written.
  boolean isInDoubt() {
    return doubt.isPresent();
  }

  /// Makes `entries` durable; on return they are.
  ///
  /// @param again whether a lost connection is worth a second attempt
  /// @throws dev.remit.server.store.DatabaseUnavailable when they could not be stored, or, while
  ///   [#isInDoubt], when nobody can say
  Attempt store(List<Prepared> entries, boolean again) {
    var attempt = attempt(entries);
    try {
      write(attempt);
    } catch (NotCommitted e) {
      // Nothing is stored. Perhaps only a pooled connection had died: one more attempt.
      if (!again) {
        throw e;
      }
      write(attempt);
    } catch (CommitUnknown e) {
      doubt = Optional.of(attempt);
      if (!settledAfter(e)) {
        // It was lost on the way; the head is where it was.
        if (!again) {
          throw e;
        }
        write(attempt);
      }
    }
    return attempt;
  }

  /// Runs `work` and stores what it recorded in the same transaction. Never repeated: the work may
  /// not bear it.
  <T> T govern(Function<Recording, T> work) {
    var governing = new Governing<>(work);
    try {
      database.run(governing::run);
      governing.attempt.ifPresent(this::accept);
    } catch (CommitUnknown e) {
      doubt = governing.attempt;
      if (doubt.isEmpty() || !settledAfter(e)) {
        throw e;
      }
    }
    return governing.answer.orElseThrow();
  }

  /// Appends within a transaction of the caller's, who tells of its commit with [#accept].
  Attempt append(Tx tx, List<Prepared> entries) {
    var attempt = attempt(entries);
    append(tx, attempt);
    return attempt;
  }

  /// The attempt is durable: the tree now ends with it.
  void accept(Attempt attempt) {
    frontier = attempt.tree().frontier();
    lastN = attempt.lastN();
    if (attempt.keepCheckpoint()) {
      lastKept = clock.instant();
    }
  }

  /// Finds out whether the doubtful attempt was stored, and takes its place in the log as truth.
  ///
  /// Waits for the head's row lock: a transaction whose connection we lost may still be committing,
  /// and until it has ended the row would show the past.
  ///
  /// @throws dev.remit.server.store.DatabaseUnavailable when nobody can say yet
  boolean settle() {
    var attempt = doubt.orElseThrow();
    var head = database.transact(tx -> store.hold(tx, opened.log()));
    if (head.epoch() != opened.producer().epoch()) {
      throw new FencedException(opened.origin());
    }
    boolean stored = head.size() == attempt.tree().size() && isRoot(head, attempt.tree().root());
    boolean absent = head.size() == frontier.size() && isRoot(head, frontier.root());
    if (stored == absent) {
      throw new IllegalStateException(
          "the head of `" + opened.origin() + "` was changed by somebody else; verify the ledger");
    }
    doubt = Optional.empty();
    if (stored) {
      accept(attempt);
    }
    return stored;
  }

  /// Settles at once, or leaves the doubt and reports what caused it.
  private boolean settledAfter(CommitUnknown unknown) {
    try {
      return settle();
    } catch (DatabaseUnavailable e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
  }

  private void write(Attempt attempt) {
    // CRASH POINT "before write": nothing is stored, nobody was answered. The signed checkpoint has
    // not left this process, so signing another of the same size later contradicts nothing.
    database.run(tx -> append(tx, attempt));
    // CRASH POINT "after commit": stored, nobody was answered. The next start continues after it;
    // callers that never heard may ask again under a new id.
    accept(attempt);
  }

  private void append(Tx tx, Attempt attempt) {
    if (!store.append(tx, opened.log(), opened.producer().epoch(), attempt)) {
      throw new FencedException(opened.origin());
    }
    // CRASH POINT "before commit": written but rolled back by the database; as "before write".
  }

  private Attempt attempt(List<Prepared> entries) {
    var bytes = new ArrayList<byte[]>(entries.size());
    var leaves = new ArrayList<Hash>(entries.size());
    long n = lastN;
    for (var entry : entries) {
      n++;
      var numbered = entry.entry().numbered(n);
      bytes.add(numbered);
      leaves.add(Hash.leaf(numbered));
    }
    var tree = Batch.of(frontier, leaves);
    var checkpoint = new Checkpoint(opened.origin(), tree.size(), tree.root());
    boolean keep = !clock.instant().isBefore(lastKept.plus(checkpointEvery));
    return new Attempt(entries, bytes, tree, opened.signer().sign(checkpoint), n, keep);
  }

  private static boolean isRoot(Head head, Hash root) {
    return head.root().equals(root);
  }

  /// One governance change on its way: what it answered, and what it recorded.
  private final class Governing<T> {
    private final Function<Recording, T> work;
    private Optional<T> answer = Optional.empty();
    private Optional<Attempt> attempt = Optional.empty();

    private Governing(Function<Recording, T> work) {
      this.work = work;
    }

    private void run(Tx tx) {
      var entries = new ArrayList<Prepared>();
      answer = Optional.of(work.apply(new Recorded(tx, entries)));
      if (!entries.isEmpty()) {
        attempt = Optional.of(append(tx, entries));
      }
    }
  }

  private final class Recorded implements Recording {
    private final Tx tx;
    private final List<Prepared> entries;

    private Recorded(Tx tx, List<Prepared> entries) {
      this.tx = tx;
      this.entries = entries;
    }

    @Override
    public Tx tx() {
      return tx;
    }

    @Override
    public void append(Entry entry, Body... bodies) {
      entries.add(Prepared.of(opened.producer(), kek, entry, bodies));
    }
  }
}
