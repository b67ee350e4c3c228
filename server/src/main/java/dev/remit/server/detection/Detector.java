package dev.remit.server.detection;

import dev.remit.kernel.ledger.RecordedEntry;
import dev.remit.server.findings.Finding;
import java.util.Optional;

/// Looks at entries one by one, in their order, and says what is wrong with one. An entry may come
/// twice, after a crash: what is found twice is one finding.
@FunctionalInterface
interface Detector {
  Optional<Finding.Sighting> look(RecordedEntry entry);
}
