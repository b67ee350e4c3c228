package dev.remit.kernel.evidence;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// An evidence bundle as its named parts, wherever they are: a zip, a directory, memory.
public interface BundleParts {
  String MANIFEST = "manifest.json";
  String VERIFY = "VERIFY.md";
  String ANSWER = "answer.md";
  String CHECKPOINT = "checkpoint";
  String TIMESTAMP = "timestamp";
  String KEYS = "keys";
  String ENTRIES = "entries.ndjson";
  String PROOF = "proof";
  String DECLARED = "declared.ndjson";
  String BODIES = "bodies.ndjson";
  String REDACTIONS = "redactions.ndjson";
  String COMPLETENESS = "completeness.json";

  /// Of a bundle over several logs: the directory of the parts of each.
  String LOGS = "logs/";

  SortedSet<String> names();

  /// Returns the bytes of a part, to be read once and closed; empty if there is none.
  Optional<InputStream> open(String name);

  /// Returns parts that are in memory.
  static BundleParts of(Map<String, byte[]> parts) {
    return new BundleParts() {
      @Override
      public SortedSet<String> names() {
        return new TreeSet<>(parts.keySet());
      }

      @Override
      public Optional<InputStream> open(String name) {
        return Optional.ofNullable(parts.get(name)).map(java.io.ByteArrayInputStream::new);
      }
    };
  }
}
