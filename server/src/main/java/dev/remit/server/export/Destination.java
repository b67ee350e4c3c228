package dev.remit.server.export;

import dev.remit.server.export.format.Outgoing;
import java.util.List;

/// Where an export sends entries, and in which format. Used by the thread of its export only.
public interface Destination extends AutoCloseable {

  /// Sends all of `entries`, and returns once it is known, within a bounded time, what became of
  /// them.
  Delivered deliver(List<Outgoing> entries);

  /// Most entries in one delivery.
  int atOnceMax();

  /// Whether an entry that has to wait holds back the later ones of its workflow.
  boolean isInOrder();

  @Override
  void close();
}
