package dev.remit.server.decisions;

import dev.remit.kernel.canonical.Digest;
import java.time.Instant;

/// Which policy sets have passed the [Gate], so that a start need not try them again.
interface PassedGates {
  /// Remembers nothing.
  PassedGates NONE =
      new PassedGates() {
        @Override
        public boolean contains(Digest policies, EngineVersions engines) {
          return false;
        }

        @Override
        public void add(Pass pass, Instant now) {}
      };

  /// A policy set that passed the gate, and on what.
  ///
  /// @param generated requests made for the set, on which both engines gave the same answer
  /// @param recorded decisions that were really made, on which they did
  /// @param incomparable requests left out, since they hold a value that Cedar has no form for
  record Pass(
      Digest policies, EngineVersions engines, long generated, long recorded, long incomparable) {}

  boolean contains(Digest policies, EngineVersions engines);

  void add(Pass pass, Instant now);
}
