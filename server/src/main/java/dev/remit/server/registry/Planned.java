package dev.remit.server.registry;

import dev.remit.server.registry.shape.Flaw;
import java.util.List;
import java.util.Optional;

/// What an apply would do, and what speaks against it.
///
/// @param version of the registry that this was worked out against; hand it to apply, and nothing
///   that somebody else changed meanwhile is overwritten
/// @param changes in the order of kinds and names; empty when the files cannot be understood
/// @param flaws in the order of the files
/// @param risks which workflows would be riskier, or less so
/// @param next what would be declared; empty when the files cannot be understood
public record Planned(
    long version,
    List<Change> changes,
    List<Flaw> flaws,
    List<RiskChange> risks,
    Optional<Registered> next) {
  public Planned {
    changes = List.copyOf(changes);
    flaws = List.copyOf(flaws);
    risks = List.copyOf(risks);
  }

  public boolean isApplicable() {
    return flaws.stream().noneMatch(Flaw::isError);
  }

  public boolean changesSomething() {
    return changes.stream().anyMatch(change -> !change.isNone());
  }
}
