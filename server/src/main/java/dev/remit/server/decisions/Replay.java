package dev.remit.server.decisions;

import dev.remit.kernel.policy.Decision;
import dev.remit.server.registry.Replayed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// Makes recorded decisions again. One thread reads, as many as there are processors open and
/// judge, and only a few pages are ever in memory, however many decisions are asked for.
final class Replay {
  private static final int PAGE = 1_000;
  private static final int PAGES_AHEAD = 2;

  private final PastDecisions past;
  private final int workers;

  Replay(PastDecisions past, int workers) {
    this.past = past;
    this.workers = workers;
  }

  /// @param proposed what the proposed policies answer
  /// @param present what those that are active now answer
  /// @param last how many of the newest decisions
  Replayed of(
      Function<Question, Decision> proposed, Function<Question, Decision> present, int last) {
    var total = new Tally(present);
    var ahead = new Semaphore(workers + PAGES_AHEAD);
    var pending = new ArrayList<Future<?>>();
    try (var pool = Executors.newFixedThreadPool(workers, Thread.ofPlatform().factory())) {
      long before = Long.MAX_VALUE;
      int left = last;
      while (left > 0) {
        var page = past.newest(before, Math.min(left, PAGE));
        if (page.isEmpty()) {
          break;
        }
        before = page.getLast().index();
        left -= page.size();
        ahead.acquireUninterruptibly();
        pending.add(
            pool.submit(() -> {
              try {
                var tally = judged(page, proposed, present);
                synchronized (total) {
                  total.add(tally);
                }
              } finally {
                ahead.release();
              }
            }));
      }
      pending.forEach(Replay::await);
    }
    return total.replayed(last);
  }

  private static Tally judged(
      List<PastDecisions.Kept> page,
      Function<Question, Decision> proposed,
      Function<Question, Decision> present) {
    var tally = new Tally(present);
    for (var kept : page) {
      switch (kept.open()) {
        case Past.Made made -> tally.made(made, proposed.apply(made.question()));
        case Past.Lost(var why) -> tally.lost(why);
      }
    }
    return tally;
  }

  private static void await(Future<?> page) {
    try {
      page.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while decisions were made again", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("recorded decisions could not be made again", e.getCause());
    }
  }
}
