package dev.remit.server.tokens;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets callers that wait at the same time share one unit of work. Nobody waits for company:
/// whoever comes while the work runs goes into the next.
///
/// @param <Q> what one caller asks
/// @param <A> what it is answered
final class Together<Q, A> implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(5);
  private static final int LOOK_UP_MS = 200;

  private final BlockingQueue<Waiting<Q, A>> waiting;
  private final int togetherMax;
  private final Function<List<Q>, List<A>> work;
  private final Thread worker;
  private volatile boolean closed;

  private record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

  /// @param waitingMax how many may wait; more are held back
  /// @param togetherMax how many one unit of work takes
  /// @param work answers every question, in their order
  Together(String name, int waitingMax, int togetherMax, Function<List<Q>, List<A>> work) {
    this.waiting = new ArrayBlockingQueue<>(waitingMax);
    this.togetherMax = togetherMax;
    this.work = work;
    this.worker = Thread.ofVirtual().name(name).start(this::loop);
  }

  /// Blocks until answered. What the work throws comes out at everybody who was part of it.
  A run(Q question) {
    var mine = new Waiting<Q, A>(question, new CompletableFuture<>());
    try {
      waiting.put(mine);
      if (closed) {
        failRest();
      }
      return mine.answer().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting to be recorded", e);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /// Ends after the work that runs now; whoever still waits is failed.
  @Override
  public void close() {
    closed = true;
    try {
      worker.join(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    var batch = new ArrayList<Waiting<Q, A>>();
    while (!closed) {
      var first = next();
      if (first != null) {
        batch.add(first);
        waiting.drainTo(batch, togetherMax - 1);
        answer(batch);
        batch.clear();
      }
    }
    failRest();
  }

  private @Nullable Waiting<Q, A> next() {
    try {
      return waiting.poll(LOOK_UP_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closed = true;
      return null;
    }
  }

  private void answer(List<Waiting<Q, A>> batch) {
    try {
      var answers = work.apply(batch.stream().map(Waiting::question).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer().complete(answers.get(i));
      }
    } catch (RuntimeException e) {
      batch.forEach(one -> one.answer().completeExceptionally(e));
    }
  }

  private void failRest() {
    var rest = new ArrayList<Waiting<Q, A>>();
    waiting.drainTo(rest);
    rest.forEach(one ->
        one.answer().completeExceptionally(new IllegalStateException("the server is stopping")));
  }
}
