package dev.remit.server.gateway.upstream;

import dev.remit.server.gateway.wire.Event;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What a child process answers, in the shape of a Streamable HTTP answer.
record StdioArrival(int status, Map<String, String> headers, Content content, Runnable onClose)
    implements Arrival {

  StdioArrival {
    headers = Map.copyOf(headers);
  }

  /// An answer without a body, or with one that is already there.
  static StdioArrival whole(int status, Map<String, String> headers, byte[] body) {
    return new StdioArrival(status, headers, new Content.Whole(_ -> body), () -> {});
  }

  /// A stream that begins with `first`.
  static StdioArrival stream(
      Map<String, String> headers,
      Optional<Event> first,
      Mailbox mailbox,
      Duration patience,
      Runnable onClose) {
    return new StdioArrival(
        200, headers, new Content.Stream(new FirstThen(first, mailbox, patience)), onClose);
  }

  @Override
  public void close() {
    onClose.run();
  }

  private static final class FirstThen implements Events {
    private Optional<Event> first;
    private final Mailbox mailbox;
    private final Duration patience;

    FirstThen(Optional<Event> first, Mailbox mailbox, Duration patience) {
      this.first = first;
      this.mailbox = mailbox;
      this.patience = patience;
    }

    @Override
    public Optional<Event> next() throws UpstreamFailure {
      if (first.isPresent()) {
        var event = first;
        first = Optional.empty();
        return event;
      }
      return mailbox.next(patience);
    }
  }
}
