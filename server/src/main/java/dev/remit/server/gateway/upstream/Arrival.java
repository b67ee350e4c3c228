package dev.remit.server.gateway.upstream;

import dev.remit.server.gateway.wire.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/// The answer of an upstream, from the moment it begins.
///
/// Closing it gives up the rest and frees what it holds. Belongs to one thread.
public interface Arrival extends AutoCloseable {

  /// The HTTP status.
  int status();

  /// The headers; names in lower case.
  Map<String, String> headers();

  Content content();

  @Override
  void close();

  /// How the answer comes.
  sealed interface Content {

    /// As one body, possibly empty.
    record Whole(Bytes bytes) implements Content {}

    /// As an event stream.
    record Stream(Events events) implements Content {}
  }

  /// A body that is still to be read.
  interface Bytes {

    /// Reads all of it.
    ///
    /// @throws UpstreamFailure if it breaks, stalls, or is longer than `max` bytes
    byte[] read(int max) throws UpstreamFailure;
  }

  /// Events that are still to come.
  interface Events {

    /// Waits for the next event; empty once the stream has ended in order.
    ///
    /// @throws UpstreamFailure if the stream breaks or stalls
    Optional<Event> next() throws UpstreamFailure;
  }

  /// Turns what went wrong while reading into what it means.
  static UpstreamFailure failure(IOException e) {
    return e instanceof java.net.SocketTimeoutException
        ? new UpstreamFailure(UpstreamFailure.Kind.SILENT, "it fell silent", e)
        : new UpstreamFailure(UpstreamFailure.Kind.BROKEN, "the connection broke", e);
  }
}
