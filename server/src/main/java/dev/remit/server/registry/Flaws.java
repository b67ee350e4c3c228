package dev.remit.server.registry;

import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Flaw.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what the rules find wrong with a proposal, each at its place.
final class Flaws {
  private final Proposal proposal;
  private final List<Flaw> found = new ArrayList<>();

  Flaws(Proposal proposal) {
    this.proposal = proposal;
  }

  /// Whatever is written, this must hold of everything that would be declared.
  void always(String rule, Ref ref, String path, String message, String remedy) {
    found.add(Flaw.error(rule, proposal.place(ref, path), message, remedy));
  }

  /// Must hold of what is new or changed. Of the rest it is a warning: it was right when it was
  /// applied, and time or somebody else's change must not block work on other things.
  void whenTouched(String rule, Ref ref, String path, String message, String remedy) {
    var severity = proposal.touches(ref) ? Severity.ERROR : Severity.WARNING;
    found.add(new Flaw(rule, severity, proposal.place(ref, path), message, remedy));
  }

  /// Worth knowing, and somebody's decision.
  void flag(String rule, Ref ref, String path, String message, String remedy) {
    found.add(Flaw.warning(rule, proposal.place(ref, path), message, remedy));
  }

  void add(Flaw flaw) {
    found.add(flaw);
  }

  /// Returns them in the order of the files.
  List<Flaw> sorted() {
    return found.stream().sorted(Comparator.comparing(Flaw::place)).distinct().toList();
  }
}
