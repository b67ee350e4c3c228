package dev.remit.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The connection a request came on, which can tell while the request is served that the other end
/// has hung up.
///
/// HTTP gives no such sign by itself: a closed connection shows only to who reads from it, and
/// nobody does while an answer is made. So a line that is listened to reads ahead, on a virtual
/// thread of its own, and keeps what it reads for the next request: no byte of a client that sends
/// its next request early is lost. At most 64 KiB are kept; beyond that it reads no further, and
/// notices nothing more until the request is served.
///
/// A client that only closes its own half counts as one that has hung up, since the two look the
/// same from here until something is written.
///
/// All reading of the connection goes through here. Safe for use by several threads.
public final class Line {
  private static final ScopedValue<Line> CURRENT = ScopedValue.newInstance();
  private static final int AHEAD_BYTES_MAX = 64 * 1024;

  private final DataReader source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by `lock`. At most one of `isAwaited` and `isReadAhead` reads from the source.
  private final ArrayDeque<byte[]> ahead = new ArrayDeque<>();
  private int aheadBytes;
  private boolean isReadAhead;
  private boolean isAwaited;
  private boolean hasEnded;
  private @Nullable Runnable onHangUp;

  Line(DataReader source) {
    this.source = source;
  }

  /// Returns the line of the request that the calling thread serves.
  ///
  /// @throws java.util.NoSuchElementException if it serves none
  public static Line current() {
    return CURRENT.get();
  }

  /// Runs `serving` as what happens on this line.
  <X extends Throwable> void serve(ScopedValue.CallableOp<?, X> serving) throws X {
    ScopedValue.where(CURRENT, this).call(serving);
  }

  /// Runs `then` as soon as the other end hangs up while the present request is served; at once if
  /// it has. Does nothing if the request is over. The last `then` counts.
  public void listen(Runnable then) {
    lock.lock();
    try {
      if (isAwaited) {
        return;
      }
      if (!hasEnded) {
        onHangUp = then;
        if (!isReadAhead && aheadBytes < AHEAD_BYTES_MAX) {
          isReadAhead = true;
          Thread.ofVirtual().name("line").start(this::readAhead);
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    then.run();
  }

  /// Whether nothing is under way: the line waits for what the other end sends next.
  boolean isIdle() {
    lock.lock();
    try {
      return isAwaited;
    } finally {
      lock.unlock();
    }
  }

  /// Returns the next bytes, waiting for them; null if no more will come. Only for the one thread
  /// that serves the connection.
  byte @Nullable [] next() {
    lock.lock();
    try {
      isAwaited = true;
      onHangUp = null;
      while (isReadAhead && ahead.isEmpty()) {
        changed.await();
      }
      if (!ahead.isEmpty()) {
        var first = ahead.removeFirst();
        aheadBytes -= first.length;
        isAwaited = false;
        return first;
      }
      if (hasEnded) {
        return null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("the server closes a connection that waits", e);
    } finally {
      lock.unlock();
    }
    var got = read();
    lock.lock();
    try {
      isAwaited = false;
      hasEnded = got == null;
      return got;
    } finally {
      lock.unlock();
    }
  }

  private void readAhead() {
    while (true) {
      byte @Nullable [] got;
      try {
        got = read();
      } catch (RuntimeException e) {
        got = null; // reset, or closed by ourselves: nothing more will come either way
      }
      if (!keep(got)) {
        return;
      }
    }
  }

  /// Keeps what was read ahead.
  ///
  /// @return whether to read on
  private boolean keep(byte @Nullable [] got) {
    Runnable then = null;
    lock.lock();
    try {
      if (got == null) {
        hasEnded = true;
        then = onHangUp;
      } else {
        ahead.add(got);
        aheadBytes += got.length;
      }
      isReadAhead = got != null && onHangUp != null && aheadBytes < AHEAD_BYTES_MAX;
      changed.signalAll();
      return isReadAhead;
    } finally {
      lock.unlock();
      if (then != null) {
        then.run();
      }
    }
  }

  private byte @Nullable [] read() {
    try {
      if (source.available() == 0) {
        source.pullData();
      }
      return source.readBytes(source.available());
    } catch (DataReader.InsufficientDataAvailableException e) {
      return null;
    }
  }
}
