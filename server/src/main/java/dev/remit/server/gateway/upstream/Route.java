package dev.remit.server.gateway.upstream;

import dev.remit.kernel.identity.TaskId;

/// The way to one upstream server. Safe for use by many threads.
public interface Route extends AutoCloseable {

  /// Sends `departure` and returns as soon as the answer begins.
  ///
  /// Blocks the calling thread, which may be interrupted to give up.
  ///
  /// @throws UpstreamFailure if no answer begins; its kind says whether anything was sent
  Arrival send(Departure departure) throws UpstreamFailure;

  /// Whether the upstream can serve requests that stand alone (2026-07-28 and later). May have to
  /// start it for `task` and ask; blocks, and may be interrupted.
  ///
  /// @throws UpstreamFailure if that cannot be found out
  boolean speaksModern(TaskId task) throws UpstreamFailure;

  /// Frees what a session holds, if this route holds anything for it.
  void end(String session);

  /// Frees what `task` holds outside of any session.
  void end(TaskId task);

  @Override
  void close();
}
