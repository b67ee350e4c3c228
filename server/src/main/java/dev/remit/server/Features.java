package dev.remit.server;

import dev.remit.server.http.Caller;
import dev.remit.server.http.Callers;
import dev.remit.server.http.Operation;
import dev.remit.server.store.Database;
import java.time.InstantSource;
import java.util.List;

/// Everything the product does, built in the order of its arrows: each line takes only what stands
/// above it.
///
/// @param callers who tells one caller from another
/// @param operations what can be asked, of all features
/// @param closeables what must be closed, in the order in which it was built
record Features(Callers callers, List<Operation> operations, List<AutoCloseable> closeables) {

  Features {
    operations = List.copyOf(operations);
    closeables = List.copyOf(closeables);
  }

  static Features build(Config config, Database database, InstantSource clock) {
    return new Features(
        (authorization, _) ->
            authorization.isEmpty()
                ? new Caller.Anonymous()
                : new Caller.Unrecognised("no credential is known yet"),
        List.of(),
        List.of());
  }
}
