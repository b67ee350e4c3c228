package dev.remit.server.gateway;

import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.http.Line;
import dev.remit.server.tokens.Party;
import dev.remit.server.tokens.TaskClaims;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Everything that is under way, so that a suspension finds it.
///
/// INVARIANT: an exchange is in here before its token is checked for the last time. A suspension
/// then either is seen by that check or finds the exchange.
public final class Exchanges {
  private static final Duration CUT_STEP = Duration.ofMillis(2);
  private static final Duration DRAIN_STEP = Duration.ofMillis(10);

  private final Set<Exchange> open = ConcurrentHashMap.newKeySet();

  /// Opens one on `line`.
  ///
  /// @param isOfAgent whether it ends when the agent hangs up
  public Exchange open(TaskClaims claims, PersonName owner, Line line, boolean isOfAgent) {
    var exchange = new Exchange(claims, owner, line, isOfAgent, this);
    open.add(exchange);
    return exchange;
  }

  void closed(Exchange exchange) {
    open.remove(exchange);
  }

  /// Cuts what is under `party`, and returns it.
  List<Exchange> cut(Party party) {
    var under = open.stream().filter(exchange -> exchange.isUnder(party)).toList();
    under.forEach(exchange -> exchange.cut(party + " was suspended"));
    return under;
  }

  /// Cuts what was begun by one token.
  void cutBy(String jti) {
    for (var exchange : open) {
      if (exchange.isBy(jti)) {
        exchange.cut("its token was withdrawn");
      }
    }
  }

  /// Cuts what belongs to `task`, and returns it.
  List<Exchange> cut(TaskId task) {
    var of = open.stream().filter(exchange -> exchange.isOf(task)).toList();
    of.forEach(exchange -> exchange.cut("the task was completed"));
    return of;
  }

  /// Waits until none of `some` is under way, at most for `max`.
  boolean awaitNone(List<Exchange> some, Duration max) throws InterruptedException {
    long deadline = System.nanoTime() + max.toNanos();
    while (some.stream().anyMatch(open::contains)) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      Thread.sleep(CUT_STEP);
    }
    return true;
  }

  /// Looks after each; see [Exchange#attend].
  void attend(Duration unattendedMax) {
    open.forEach(exchange -> exchange.attend(unattendedMax));
  }

  /// Cuts the streams that stay open for news; calls go on.
  void cutStanding(String why) {
    open.stream().filter(Exchange::isStanding).forEach(exchange -> exchange.cut(why));
  }

  /// Waits until nothing is under way, at most for `max`.
  ///
  /// @return whether nothing is
  boolean awaitNone(Duration max) throws InterruptedException {
    long deadline = System.nanoTime() + max.toNanos();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(DRAIN_STEP);
    }
    return open.isEmpty();
  }

  void cutAll(String why) {
    open.forEach(exchange -> exchange.cut(why));
  }

  /// The tasks that have something under way.
  Set<TaskId> tasks() {
    return open.stream().map(exchange -> exchange.claims().task()).collect(Collectors.toSet());
  }

  int count() {
    return open.size();
  }
}
