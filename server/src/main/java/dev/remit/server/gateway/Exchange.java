package dev.remit.server.gateway;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.gateway.Outcome.How;
import dev.remit.server.http.Line;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TaskClaims;
import java.time.Duration;
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
///
/// One that lasts is [attended][#attend]: an agent that hangs up meanwhile is noticed at once.
public final class Exchange implements AutoCloseable {
  private final TaskClaims claims;
  private final PersonName owner;
  private final Line line;
  private final Exchanges all;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by `lock`.
  private @Nullable Thread carrier;
  private @Nullable Cut cut;
  private boolean isOfAgent;
  private boolean isStanding;
  private boolean agentHasLeft;
  private long leftNanos;

  // Belongs to the thread that attends.
  private boolean isNoticed;
  private boolean isAttended;

  /// Why an exchange ends before its time, and what that makes of its outcome.
  public record Cut(How how, String why) {}

  /// @param isOfAgent whether it ends when the agent hangs up; otherwise what was asked goes on
  Exchange(TaskClaims claims, PersonName owner, Line line, boolean isOfAgent, Exchanges all) {
    this.claims = claims;
    this.owner = owner;
    this.line = line;
    this.isOfAgent = isOfAgent;
    this.all = all;
  }

  /// The calling thread now carries the exchange and may be interrupted until [#end].
  ///
  /// @return false if the exchange was cut already, so that there is nothing to carry
  public boolean begin() {
    lock.lock();
    try {
      if (cut != null) {
        return false;
      }
      carrier = Thread.currentThread();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The calling thread is no longer interrupted.
  public void end() {
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
  public <T> T undisturbed(Supplier<T> work) {
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

  /// Ends it because somebody was stopped.
  void cut(String why) {
    cut(new Cut(How.CUT, why));
  }

  private void cut(Cut now) {
    lock.lock();
    try {
      if (cut == null) {
        cut = now;
        if (carrier != null) {
          carrier.interrupt();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// Looks after an exchange that is open. From the second look on its line is listened to, so that
  /// short ones cost nothing.
  ///
  /// @param unattendedMax how long one may go on whose agent has left
  void attend(Duration unattendedMax) {
    if (isNoticed && !isAttended) {
      isAttended = true;
      line.listen(this::left);
    }
    isNoticed = true;
    if (isUnattendedSince(unattendedMax)) {
      cut(new Cut(How.TIMEOUT, "nobody has waited for the answer for " + unattendedMax));
    }
  }

  private boolean isUnattendedSince(Duration ago) {
    lock.lock();
    try {
      return agentHasLeft && System.nanoTime() - leftNanos > ago.toNanos();
    } finally {
      lock.unlock();
    }
  }

  /// The agent has hung up.
  public void left() {
    lock.lock();
    try {
      if (!agentHasLeft) {
        agentHasLeft = true;
        leftNanos = System.nanoTime();
      }
      if (isOfAgent) {
        cut(new Cut(How.CANCELLED, "the agent closed the connection"));
      }
    } finally {
      lock.unlock();
    }
  }

  /// From now on it ends when the agent hangs up, or at once if it has: nothing is lost by it,
  /// since the agent can have the rest of the stream sent again.
  void endsWithAgent() {
    lock.lock();
    try {
      isOfAgent = true;
      if (agentHasLeft) {
        left();
      }
    } finally {
      lock.unlock();
    }
  }

  /// From now on it is a stream that stays open for news and has no end of its own.
  void stands() {
    lock.lock();
    try {
      isStanding = true;
    } finally {
      lock.unlock();
    }
  }

  boolean isStanding() {
    lock.lock();
    try {
      return isStanding;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the agent was seen to hang up.
  public boolean agentHasLeft() {
    lock.lock();
    try {
      return agentHasLeft;
    } finally {
      lock.unlock();
    }
  }

  public Optional<Cut> cut() {
    lock.lock();
    try {
      return Optional.ofNullable(cut);
    } finally {
      lock.unlock();
    }
  }

  Optional<String> cutBecause() {
    return cut().map(Cut::why);
  }

  TaskClaims claims() {
    return claims;
  }

  boolean isUnder(Party party) {
    return claims.isUnder(party) || Party.of(owner).equals(party);
  }

  /// Whether it was begun by the token of this id.
  boolean isBy(String jti) {
    return claims.jti().equals(jti);
  }

  /// Whether it ends with `task`: its own, or one of which it does a part.
  boolean isOf(TaskId task) {
    return claims.tasks().contains(task);
  }

  @Override
  public void close() {
    all.closed(this);
  }
}
