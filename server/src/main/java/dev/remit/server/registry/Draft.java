package dev.remit.server.registry;

import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What files of manifests declare by themselves, read where no registry is: to test policies
/// before anything is applied.
///
/// Each manifest is held to its own form. What depends on more than the files is left to plan: who
/// may change what, whether secrets exist, what else is declared. Person `admin` is there, as from
/// every first start.
public final class Draft {
  private final Proposal proposal;
  private final List<Flaw> flaws;

  private Draft(Proposal proposal, List<Flaw> flaws) {
    this.proposal = proposal;
    this.flaws = List.copyOf(flaws);
  }

  public static Draft of(List<ManifestFile> files, Instant now) {
    var reading = ManifestReader.read(files, RegistryConfig.DEFAULT.trustDomain());
    var flaws = new ArrayList<>(reading.flaws());
    reading.manifests().forEach(manifest -> flaws.addAll(SpecRules.check(manifest)));
    var first = Bootstrap.proposal(State.empty(), now);
    if (flaws.stream().anyMatch(Flaw::isError)) {
      return new Draft(first, flaws);
    }
    var proposal =
        Proposal.of(
            first.next(), reading.manifests(), Wish.DEFAULT_SET, false, first.author(), now);
    return new Draft(proposal, flaws);
  }

  /// Returns what would be declared; of use only when no flaw is an error.
  public Registered registered() {
    return proposal.next().registered();
  }

  public List<Flaw> flaws() {
    return flaws;
  }

  /// Returns where line `line`, column `column` of a policy's Cedar text stands in its file.
  public Place place(PolicyText policy, int line, int column) {
    return RegistryRules.place(proposal, policy.name(), line, column);
  }

  /// Returns `problem` at its place in the files.
  public Flaw flaw(PolicyCheck.Problem problem) {
    return RegistryRules.flaw(proposal, problem);
  }

  /// Returns `finding`, which is no error, at its place in the files.
  public Flaw warning(PolicyCheck.Problem finding) {
    return RegistryRules.warning(proposal, finding);
  }
}
