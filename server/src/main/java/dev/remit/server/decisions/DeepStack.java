package dev.remit.server.decisions;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs what descends deep on a thread with room for it. The stacks of threads that serve calls are
/// small, and a native parser that overflows one ends the process.
final class DeepStack {
  /// Far more than texts within the bounds of [Depth] need; only what is touched takes memory.
  private static final long BYTES = 256L << 20;

  private DeepStack() {}

  /// Runs `work`, or throws what it throws.
  static void run(Runnable work) {
    call(() -> {
      work.run();
      return true;
    });
  }

  /// Returns what `work` returns, or throws what it throws.
  static <T> T call(Supplier<T> work) {
    var done = new AtomicReference<@Nullable T>();
    var failed = new AtomicReference<@Nullable Throwable>();
    var thread =
        new Thread(
            null,
            () -> {
              try {
                done.set(work.get());
              } catch (RuntimeException | Error e) {
                failed.set(e);
              }
            },
            "cedar-parser",
            BYTES);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while policies were parsed", e);
    }
    switch (failed.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
    var result = done.get();
    if (result == null) {
      throw new IllegalStateException("the parsing of policies came to nothing");
    }
    return result;
  }
}
