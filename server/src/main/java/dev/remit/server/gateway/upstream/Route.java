package dev.remit.server.gateway.upstream;

/// The way to one upstream server. Safe for use by many threads.
public interface Route extends AutoCloseable {

  /// Sends `departure` and returns as soon as the answer begins.
  ///
  /// Blocks the calling thread, which may be interrupted to give up.
  ///
  /// @throws UpstreamFailure if no answer begins; its kind says whether anything was sent
  Arrival send(Departure departure) throws UpstreamFailure;

  /// Whether the upstream can serve requests that stand alone (2026-07-28 and later).
  boolean speaksModern();

  /// Frees what a session holds, if this route holds anything for it.
  void end(String session);

  @Override
  void close();
}
