package dev.remit.server.registry;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What is declared now, and how that changes.
public final class Registry {
  private final List<Consumer<Registered>> listeners = new CopyOnWriteArrayList<>();
  private volatile Registered current;

  Registry(Registered first) {
    this.current = first;
  }

  /// Returns the snapshot of the last change this node has seen.
  public Registered current() {
    return current;
  }

  /// Hands `listener` the current snapshot at once and every later one, in order and one at a time.
  public synchronized void onChange(Consumer<Registered> listener) {
    listeners.add(listener);
    listener.accept(current);
  }

  /// Makes `next` current unless something newer already is.
  synchronized void swap(Registered next) {
    if (next.version() > current.version()) {
      current = next;
      listeners.forEach(listener -> listener.accept(next));
    }
  }
}
