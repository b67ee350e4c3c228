package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.comparison.Axis;
import java.util.List;
import java.util.Optional;

/// A data file of cases for one axis.
///
/// @param name 1 to 40 of `a-z`, `0-9` and `-`
/// @param version as its authors count
/// @param licence SPDX identifier
/// @param source where the cases come from
/// @param digest of the whole file in canonical JSON, so of every case
public record Suite(
    String name,
    String version,
    Axis axis,
    String licence,
    String source,
    List<EvaluationCase> cases,
    Digest digest) {

  public Suite {
    cases = List.copyOf(cases);
  }

  Optional<EvaluationCase> find(String id) {
    return cases.stream().filter(one -> one.id().equals(id)).findFirst();
  }
}
