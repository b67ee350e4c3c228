package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Batch;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Entry;
import dev.remit.kernel.ledger.Frontier;
import dev.remit.kernel.ledger.Hash;
import dev.remit.kernel.ledger.LogKey;
import dev.remit.kernel.ledger.Producer;
import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.ledger.CrashPoint.Moment;
import dev.remit.server.ledger.CrashPoint.Stage;
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
  private final SubjectKeys keys;
  private final InstantSource clock;
  private final Duration checkpointEvery;
  private final Crashes crashes;
  private final Opened opened;

  private Signer signer;
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
      SubjectKeys keys,
      InstantSource clock,
      Duration checkpointEvery,
      Crashes crashes,
      Opened opened) {
    this.database = database;
    this.store = store;
    this.keys = keys;
    this.clock = clock;
    this.checkpointEvery = checkpointEvery;
    this.crashes = crashes;
    this.opened = opened;
    this.signer = opened.signer();
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
  Attempt store(Stage stage, List<Prepared> entries, boolean again) {
    var attempt = attempt(entries, Optional.empty());
    try {
      write(stage, attempt);
    } catch (NotCommitted e) {
      // Nothing is stored. Perhaps only a pooled connection had died: one more attempt.
      if (!again) {
        throw e;
      }
      write(stage, attempt);
    } catch (CommitUnknown e) {
      doubt = Optional.of(attempt);
      if (!settledAfter(e)) {
        // It was lost on the way; the head is where it was.
        if (!again) {
          throw e;
        }
        write(stage, attempt);
      }
    }
    crashes.at(stage, Moment.BEFORE_ANSWER);
    return attempt;
  }

  /// Runs `work` and stores what it recorded in the same transaction. Never repeated: the work may
  /// not bear it.
  <T> T govern(Stage stage, Function<? super Recorded, T> work) {
    var governing = new Governing<>(work);
    try {
      crashes.at(stage, Moment.BEFORE_SEND);
      database.run(tx -> {
        governing.run(tx);
        crashes.at(stage, Moment.BEFORE_COMMIT);
      });
      crashes.at(stage, Moment.AFTER_COMMIT);
      governing.attempt.ifPresent(this::accept);
    } catch (CommitUnknown e) {
      doubt = governing.attempt;
      if (doubt.isEmpty() || !settledAfter(e)) {
        throw e;
      }
    }
    crashes.at(stage, Moment.BEFORE_ANSWER);
    return governing.answer.orElseThrow();
  }

  /// Appends within a transaction of the caller's, who tells of its commit with [#accept].
  Attempt append(Tx tx, List<Prepared> entries) {
    return append(tx, entries, Optional.empty());
  }

  private Attempt append(Tx tx, List<Prepared> entries, Optional<Signer> signsNext) {
    var attempt = attempt(entries, signsNext);
    append(tx, attempt);
    return attempt;
  }

  /// The attempt is durable: the tree now ends with it.
  void accept(Attempt attempt) {
    frontier = attempt.tree().frontier();
    lastN = attempt.lastN();
    attempt.signsNext().ifPresent(next -> signer = next);
    attempt.entries().forEach(entry -> entry.key().ifPresent(SubjectKey::markStored));
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

  private void write(Stage stage, Attempt attempt) {
    // Nothing is stored, nobody was answered. The signed checkpoint has not left this process, so
    // signing another of the same size later contradicts nothing.
    crashes.at(stage, Moment.BEFORE_SEND);
    database.run(tx -> {
      append(tx, attempt);
      // Written, and rolled back by the database when this connection ends.
      crashes.at(stage, Moment.BEFORE_COMMIT);
    });
    // Stored, nobody was answered. The next start continues after it; callers that never heard may
    // ask again under a new id.
    crashes.at(stage, Moment.AFTER_COMMIT);
    accept(attempt);
  }

  private void append(Tx tx, Attempt attempt) {
    if (!store.append(tx, opened.log(), opened.producer().epoch(), attempt)) {
      throw new FencedException(opened.origin());
    }
  }

  private Attempt attempt(List<Prepared> entries, Optional<Signer> signsNext) {
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
    boolean keep = signsNext.isPresent() || isCheckpointDue(clock.instant());
    return new Attempt(entries, bytes, tree, signer.sign(checkpoint), n, keep, signsNext);
  }

  /// Also when the clock has gone back behind the last one: better one too many than none.
  private boolean isCheckpointDue(Instant now) {
    return !now.isBefore(lastKept.plus(checkpointEvery)) || now.isBefore(lastKept);
  }

  private static boolean isRoot(Head head, Hash root) {
    return head.root().equals(root);
  }

  /// One governance change on its way: what it answered, and what it recorded.
  private final class Governing<T> {
    private final Function<? super Recorded, T> work;
    private Optional<T> answer = Optional.empty();
    private Optional<Attempt> attempt = Optional.empty();

    private Governing(Function<? super Recorded, T> work) {
      this.work = work;
    }

    private void run(Tx tx) {
      var recorded = new Recorded(tx);
      answer = Optional.of(work.apply(recorded));
      if (!recorded.drafts.isEmpty()) {
        attempt = Optional.of(append(tx, recorded.numbered(), recorded.signsNext));
      }
    }
  }

  /// One governance change, as the ledger itself sees it: it may also change who signs.
  final class Recorded implements Recording {
    private final Tx tx;
    private final List<Draft> drafts = new ArrayList<>();
    private Optional<Signer> signsNext = Optional.empty();

    private Recorded(Tx tx) {
      this.tx = tx;
    }

    /// Stores a new signing key and lets it sign everything after this batch, which must end with
    /// the one entry `says`: the old key signs for that one, so whoever trusts it can follow.
    KeyRotation rotate(Signer.Fresh fresh, Entry says, Instant now) {
      long first = frontier.size() + 2;
      store.insertKey(tx, opened.log(), fresh, first, now);
      append(says);
      signsNext = Optional.of(Signer.open(fresh.key(), fresh.wrapped(), keys.master()));
      return new KeyRotation(
          new LogKey(signer.key(), 0, first - 1), LogKey.from(fresh.key(), first));
    }

    @Override
    public Tx tx() {
      return tx;
    }

    @Override
    public void append(Entry entry, Body... bodies) {
      drafts.add(new Draft(entry, List.of(bodies)));
    }

    /// Gives each entry its number among the changes of all logs. Taken after everything else is
    /// locked and just before the log's own head, so that no two transactions wait for each other.
    private List<Prepared> numbered() {
      long change = store.takeChanges(tx, drafts.size());
      var entries = new ArrayList<Prepared>(drafts.size());
      for (var draft : drafts) {
        var entry = draft.entry().with(RecordedEntry.CHANGE, change++);
        var bodies = draft.bodies().toArray(Body[]::new);
        entries.add(Prepared.of(opened.producer(), keys, entry, bodies));
      }
      return entries;
    }
  }

  /// An entry of a governance change before it has its number.
  private record Draft(Entry entry, List<Body> bodies) {}
}
