package dev.remit.kernel.evidence;

import dev.remit.kernel.ledger.RecordedEntry;
import java.util.ArrayList;
import java.util.List;

/// What a verified bundle holds, for who computes something from it anew.
///
/// @param entries in time, each with its place in its own log
/// @param declared what they say was declared
public record BundleEntries(Scope scope, List<RecordedEntry> entries, List<Snapshot> declared) {
  public BundleEntries {
    entries = List.copyOf(entries);
    declared = List.copyOf(declared);
  }

  /// Reads a bundle that was verified before.
  ///
  /// @throws IllegalArgumentException if its manifest cannot be read
  public static BundleEntries of(BundleParts bundle) {
    var traced = TracedEntries.of(bundle);
    var declared = new ArrayList<Snapshot>();
    new PartReader(bundle, new ArrayList<>())
        .lines(BundleParts.DECLARED, line -> declared.add(Snapshot.of(line)));
    var entries = traced.places().isEmpty() ? traced.entries() : traced.places();
    return new BundleEntries(Manifest.read(bundle).scope(), entries, declared);
  }
}
