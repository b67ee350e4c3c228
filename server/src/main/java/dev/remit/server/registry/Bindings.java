package dev.remit.server.registry;

import java.time.Instant;

/// What is approved of the model, prompts and tools behind each identity. Asked on the path of each
/// call, so an implementation looks at memory only, and judges by the snapshot that it is handed.
@FunctionalInterface
public interface Bindings {

  /// Everything is approved: for a server without change control.
  Bindings UNGUARDED = (_, _, _) -> new Bound.Approved();

  /// Returns how far `identity` may go now.
  ///
  /// @param registered by which the caller judges everything else about this request
  Bound of(Identity identity, Registered registered, Instant now);
}
