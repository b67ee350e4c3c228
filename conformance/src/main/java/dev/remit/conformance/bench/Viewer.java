package dev.remit.conformance.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// Somebody who watches the live view: reads its stream for as long as this is open, and comes back
/// whenever it ends, as a browser does.
final class Viewer implements AutoCloseable {
  private final InetSocketAddress target;
  private final byte[] request;
  private final AtomicLong events = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  Viewer(InetSocketAddress target, String cookie) {
    this.target = target;
    this.request =
        ("GET /console/activity/stream HTTP/1.1\r\nHost: 127.0.0.1:"
                + target.getPort()
                + "\r\nAccept: text/event-stream\r\nCookie: "
                + cookie
                + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    this.thread = Thread.ofVirtual().name("viewer").start(this::watch);
  }

  /// How many messages have come so far.
  long events() {
    return events.get();
  }

  private void watch() {
    while (!closed) {
      try (var connection = new RawConnection(target)) {
        connection.send(request);
        while (!closed) {
          if (connection.next().startsWith("data:")) {
            events.incrementAndGet();
          }
        }
      } catch (IOException e) {
        // It ended; a browser comes back, too.
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
