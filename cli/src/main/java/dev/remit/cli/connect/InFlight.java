package dev.remit.cli.connect;

import java.util.Optional;

/// A request that waits for its answer and may be cancelled from another thread.
final class InFlight {
  private Optional<Gateway.Pending> pending = Optional.empty();
  private boolean cancelled;
  private boolean waived;

  synchronized void begun(Gateway.Pending exchange) {
    pending = Optional.of(exchange);
    if (cancelled) {
      exchange.abandon();
    }
  }

  synchronized void cancel() {
    cancelled = true;
    pending.ifPresent(Gateway.Pending::abandon);
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /// Notes that the client has asked the server to stop, so that no answer is no failure.
  synchronized void waive() {
    waived = true;
  }

  synchronized boolean isWaived() {
    return waived || cancelled;
  }
}
