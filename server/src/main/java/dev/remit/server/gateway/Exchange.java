package dev.remit.server.gateway;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TaskClaims;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request that is under way between an agent and an upstream, and can be cut from outside.
///
/// Cutting interrupts the thread that carries it, wherever it blocks: waiting for the upstream,
/// writing to the agent, or waiting for a person. On a virtual thread that closes the socket it
/// blocks on. Outside the carrying part (while a decision or an outcome is being recorded) nothing
/// is interrupted; the cut is then noticed at the next [#begin].
final class Exchange implements AutoCloseable {
  private final TaskClaims claims;
  private final PersonName owner;
  private final Exchanges all;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by `lock`.
  private @Nullable Thread carrier;
  private @Nullable String cutBecause;

  Exchange(TaskClaims claims, PersonName owner, Exchanges all) {
    this.claims = claims;
    this.owner = owner;
    this.all = all;
  }

  /// The calling thread now carries the exchange and may be interrupted until [#end].
  ///
  /// @return false if the exchange was cut already, so that there is nothing to carry
  boolean begin() {
    lock.lock();
    try {
      if (cutBecause != null) {
        return false;
      }
      carrier = Thread.currentThread();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The calling thread is no longer interrupted.
  void end() {
    lock.lock();
    try {
      carrier = null;
      // A cut that came too late must not interrupt the recording of the outcome.
      boolean _ = Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  /// Runs `work`, which must not be interrupted, in the middle of carrying.
  <T> T undisturbed(Supplier<T> work) {
    end();
    try {
      return work.get();
    } finally {
      if (!begin()) {
        // The next wait ends at once.
        Thread.currentThread().interrupt();
      }
    }
  }

  void cut(String why) {
    lock.lock();
    try {
      if (cutBecause == null) {
        cutBecause = why;
        if (carrier != null) {
          carrier.interrupt();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<String> cutBecause() {
    lock.lock();
    try {
      return Optional.ofNullable(cutBecause);
    } finally {
      lock.unlock();
    }
  }

  TaskClaims claims() {
    return claims;
  }

  boolean isUnder(Party party) {
    return switch (party.kind()) {
      case IDENTITY -> claims.identity().value().equals(party.name());
      case WORKFLOW -> claims.workflow().value().equals(party.name());
      case PERSON -> owner.value().equals(party.name());
    };
  }

  @Override
  public void close() {
    all.closed(this);
  }
}
