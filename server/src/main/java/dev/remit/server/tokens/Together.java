package dev.remit.server.tokens;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// Lets callers that wait at the same time share one unit of work. Nobody waits for company:
/// whoever comes while the work runs goes into the next.
///
/// @param <Q> what one caller asks
/// @param <A> what it is answered
final class Together<Q, A> implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  /// What is empty only wakes the worker, so that it sees that it is to end.
  private final BlockingQueue<Optional<Waiting<Q, A>>> waiting;

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
      waiting.put(Optional.of(mine));
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
    // A full queue wakes it as well.
    waiting.offer(Optional.empty());
    try {
      worker.join(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    var arrived = new ArrayList<Optional<Waiting<Q, A>>>();
    try {
      while (!closed) {
        arrived.add(waiting.take());
        waiting.drainTo(arrived, togetherMax - 1);
        var batch = arrived.stream().flatMap(Optional::stream).toList();
        if (!batch.isEmpty()) {
          answer(batch);
        }
        arrived.clear();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("only this class knows its thread, and it closes by flag", e);
    } finally {
      closed = true;
      failRest();
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
    var rest = new ArrayList<Optional<Waiting<Q, A>>>();
    waiting.drainTo(rest);
    rest.stream()
        .flatMap(Optional::stream)
        .forEach(one ->
            one.answer()
                .completeExceptionally(new IllegalStateException("the server is stopping")));
  }
}
