package dev.remit.server.gateway.upstream;

import dev.remit.server.gateway.upstream.UpstreamFailure.Kind;
import dev.remit.server.gateway.wire.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Where one waiting stream finds the messages that a child process sends for it.
///
/// Bounded: a reader that falls too far behind loses its stream, not our memory.
final class Mailbox {
  private static final int MESSAGES_MAX = 10_000;

  private final LinkedBlockingQueue<Letter> letters = new LinkedBlockingQueue<>(MESSAGES_MAX);
  private final String progressToken;
  private final boolean isStanding;

  private sealed interface Letter {
    record Carried(Event event) implements Letter {}

    record Ended() implements Letter {}

    record Broken(String why) implements Letter {}
  }

  /// @param progressToken the JSON of the token under which progress is reported here, or empty
  /// @param isStanding whether it stays open for news, and so gets only what is addressed to it
  Mailbox(String progressToken, boolean isStanding) {
    this.progressToken = progressToken;
    this.isStanding = isStanding;
  }

  boolean isStanding() {
    return isStanding;
  }

  boolean isFor(String token) {
    return !token.isEmpty() && token.equals(progressToken);
  }

  void put(byte[] message) {
    if (!letters.offer(new Letter.Carried(Event.of(message)))) {
      letters.clear();
      breakOff("the agent reads too slowly");
    }
  }

  void end() {
    if (!letters.offer(new Letter.Ended())) {
      letters.clear();
      letters.add(new Letter.Ended());
    }
  }

  void breakOff(String why) {
    if (!letters.offer(new Letter.Broken(why))) {
      letters.clear();
      letters.add(new Letter.Broken(why));
    }
  }

  /// Waits for the next message; empty once no more will come.
  Optional<Event> next(Duration patience) throws UpstreamFailure {
    try {
      return switch (letters.poll(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        case Letter.Carried(var event) -> Optional.of(event);
        case Letter.Ended() -> Optional.empty();
        case Letter.Broken(var why) -> throw new UpstreamFailure(Kind.BROKEN, why, null);
        case null -> throw new UpstreamFailure(Kind.SILENT, "it fell silent", null);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamFailure(Kind.BROKEN, "waiting was given up", e);
    }
  }
}
