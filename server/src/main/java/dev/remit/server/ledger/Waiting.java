package dev.remit.server.ledger;

import dev.remit.kernel.ledger.Receipt;
import dev.remit.server.ledger.CrashPoint.Stage;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Something on its way to the sequencer.
sealed interface Waiting {

  /// Says that it will not be stored, to whoever waits.
  void fail(RuntimeException why);

  /// An entry to be stored among others.
  sealed interface Single extends Waiting {
    Prepared entry();

    /// Says that it is durable, as `index` of the log.
    void stored(Attempt attempt, long index);
  }

  /// An entry whose caller waits for the receipt.
  record Awaited(Prepared entry, CompletableFuture<Placed> placed) implements Single {
    @Override
    public void stored(Attempt attempt, long index) {
      placed.complete(new Placed(attempt, index));
    }

    @Override
    public void fail(RuntimeException why) {
      placed.completeExceptionally(why);
    }
  }

  /// An entry that nobody waits for; kept until it is stored.
  record Submitted(Prepared entry, Runnable release) implements Single {
    @Override
    public void stored(Attempt attempt, long index) {
      release.run();
    }

    @Override
    public void fail(RuntimeException why) {
      release.run();
    }
  }

  /// A governance change, alone in its transaction.
  record Governed<T>(
      Stage stage, Function<? super LogWriter.Recorded, T> work, CompletableFuture<T> answer)
      implements Waiting {
    void run(LogWriter writer) {
      answer.complete(writer.govern(stage, work));
    }

    @Override
    public void fail(RuntimeException why) {
      answer.completeExceptionally(why);
    }
  }

  /// Where an entry came to stand. The caller's own thread makes the receipt from it.
  record Placed(Attempt attempt, long index) {
    Receipt receipt() {
      return new Receipt(
          index, attempt.tree().leaf(index), attempt.tree().path(index), attempt.note());
    }
  }
}
