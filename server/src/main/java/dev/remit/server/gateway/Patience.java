package dev.remit.server.gateway;

import dev.remit.server.gateway.wire.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Waits on an agent's behalf as long as the agent can be expected to wait itself: a while, and
/// longer while it counts the progress of its request and so sees that it goes on.
///
/// The only part of a held call that can be interrupted.
final class Patience {
  private static final Map<String, String> STREAM =
      Map.of("content-type", "text/event-stream", "cache-control", "no-store");

  private final GatewayConfig.Holding holding;

  Patience(GatewayConfig.Holding holding) {
    this.holding = holding;
  }

  /// Something that is waited for.
  interface Wait<T> {
    /// Returns how it stands when it is done, or after `patience`.
    T upTo(Duration patience) throws InterruptedException;
  }

  /// Returns how it stands in the end; null if the wait itself was cut.
  ///
  /// @param what said to an agent that counts progress
  <T> @Nullable T until(Call call, AgentSide agent, String what, Wait<T> wait, Predicate<T> done)
      throws AgentGone {
    if (!call.exchange().begin()) {
      return null;
    }
    try {
      return counts(call) ? counted(call, agent, what, wait, done) : wait.upTo(holding.waitFor());
    } catch (InterruptedException e) {
      return null;
    } catch (AgentGone e) {
      if (call.exchange().cut().isPresent()) {
        return null;
      }
      throw e;
    } finally {
      call.exchange().end();
    }
  }

  private <T> T counted(Call call, AgentSide agent, String what, Wait<T> wait, Predicate<T> done)
      throws InterruptedException, AgentGone {
    long deadline = System.nanoTime() + holding.countedFor().toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      var found = wait.upTo(Duration.ofNanos(Math.min(left, holding.tellEvery().toNanos())));
      left = deadline - System.nanoTime();
      if (done.test(found) || left <= 0) {
        return found;
      }
      agent.stream(200, STREAM);
      agent.event(Event.of(progress(call, left, what)));
    }
  }

  /// The protocol wants a value that increases, also when the server's own reports follow: seconds
  /// until the wait ends, counted from below to zero, where those begin.
  private static byte[] progress(Call call, long leftNanos, String what) {
    var notice = JsonMapper.shared().createObjectNode();
    notice.put("jsonrpc", "2.0").put("method", "notifications/progress");
    var params = notice.putObject("params");
    params.set("progressToken", call.message().params().progressToken());
    params.put("progress", -(leftNanos / 1_000_000) / 1_000.0).put("message", what);
    return notice.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean counts(Call call) {
    return !call.message().params().progressToken().isMissingNode()
        && call.headers().getOrDefault("accept", "").contains("text/event-stream");
  }
}
