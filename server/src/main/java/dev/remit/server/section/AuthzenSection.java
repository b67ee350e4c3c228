package dev.remit.server.section;

import static dev.remit.server.settings.Bounds.between;

import dev.remit.server.settings.ByteSize;
import dev.remit.server.settings.Setting;

/// Bounds of what may be asked over AuthZEN.
public record AuthzenSection(
    @Setting(value = "1MiB", says = "longest request") ByteSize requestMax,
    @Setting(value = "32", says = "deepest nesting of a request") int depthMax,
    @Setting(value = "100", says = "most evaluations in one request") int evaluationsMax,
    @Setting(value = "100", says = "most results on one page of a search") int pageMax,
    @Setting(value = "10000", says = "most candidates judged for one page") int searchMax) {
  public AuthzenSection {
    between("depthMax", depthMax, 4, 1000);
    between("evaluationsMax", evaluationsMax, 1, 10_000);
    between("pageMax", pageMax, 1, 10_000);
    between("searchMax", searchMax, 1, 1_000_000);
  }
}
