package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// Listens for what the server says unasked, in the era of sessions: notifications and requests of
/// its own. Servers that do not offer this answer 405, and that is the end of it.
///
/// A stream that ends is opened again after its last event, with growing pauses while that fails.
final class ServerMessages {
  private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;

  private final Gateway gateway;
  private final Lines out;
  private final Session session;
  private final InFlight call = new InFlight();
  private Optional<Thread> thread = Optional.empty();

  ServerMessages(Gateway gateway, Lines out, Session session) {
    this.gateway = gateway;
    this.out = out;
    this.session = session;
  }

  void start() {
    thread = Optional.of(Thread.startVirtualThread(this::listen));
  }

  void stop() {
    call.cancel();
    thread.ifPresent(Thread::interrupt);
  }

  private void listen() {
    var lastId = Optional.<String>empty();
    var pause = Duration.ofSeconds(1);
    while (!call.isCancelled()) {
      try {
        var response = gateway.listen(Conversation.listeningHeaders(session, lastId), call::begun);
        try (var events = new EventStream(response.body(), lastId)) {
          if (response.statusCode() != OK && response.statusCode() < SERVER_ERROR) {
            return;
          }
          if (response.statusCode() == OK) {
            forward(events);
            lastId = events.lastId();
            pause = events.pause();
          }
        }
      } catch (IOException | CommandFailed e) {
        pause = longer(pause);
      }
      if (!slept(pause)) {
        return;
      }
    }
  }

  private void forward(EventStream events) throws IOException {
    for (var data = events.next(); data.isPresent(); data = events.next()) {
      out.write(data.get());
    }
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
  }

  private static boolean slept(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
