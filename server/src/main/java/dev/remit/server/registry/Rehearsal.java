package dev.remit.server.registry;

/// How the registry learns what a proposed state would have decided differently. Changes nothing.
@FunctionalInterface
public interface Rehearsal {

  /// Makes the newest `last` recorded decisions again, by the policies of `proposed`, which have
  /// passed [PolicyCheck].
  Replayed replay(Registered proposed, int last);
}
