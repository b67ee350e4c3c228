package dev.remit.server.registry;

import dev.remit.kernel.identity.PolicyName;
import dev.remit.server.registry.PolicyCheck.Verdict;
import dev.remit.server.registry.shape.Flaw;
import dev.remit.server.registry.shape.Place;

/// Everything that must hold of a proposal, in the order in which it is looked at.
final class RegistryRules {
  private final RegistryConfig config;
  private final SecretCheck secrets;
  private final PolicyCheck policies;
  private final RiskCheck risks;

  RegistryRules(RegistryConfig config, SecretCheck secrets, PolicyCheck policies, RiskCheck risks) {
    this.config = config;
    this.secrets = secrets;
    this.policies = policies;
    this.risks = risks;
  }

  RiskShift weigh(Proposal proposal) {
    return new RiskShift(
        risks.weigh(proposal.current().registered(), proposal.now()),
        risks.weigh(proposal.next().registered(), proposal.now()));
  }

  void check(Proposal proposal, RiskShift shift, Flaws flaws) {
    checkSize(proposal, flaws);
    AuthorityRules.check(proposal, flaws);
    LinkRules.check(proposal, flaws);
    OwnershipRules.check(proposal, flaws);
    StageRules.check(proposal, config, flaws);
    PeopleRules.check(proposal, config, flaws);
    PilotRules.check(proposal, config, shift, flaws);
    IdentityRules.check(proposal, flaws);
    ModelRules.check(proposal, flaws);
    GrantRules.check(proposal, config, shift, flaws);
    SecretRules.check(proposal, secrets, flaws);
    FourEyes.check(proposal, config, flaws);
  }

  /// Asks the policy engine. Comes last and only when nothing else is wrong: its schema is made of
  /// what would be declared.
  Verdict checkPolicies(Proposal proposal, Flaws flaws) {
    var verdict = policies.check(proposal.next().registered());
    switch (verdict) {
      case Verdict.Valid(_, var findings) ->
          findings.forEach(finding -> flaws.add(warning(proposal, finding)));
      case Verdict.Invalid(var problems) ->
          problems.forEach(problem -> flaws.add(flaw(proposal, problem)));
    }
    return verdict;
  }

  private void checkSize(Proposal proposal, Flaws flaws) {
    int size = proposal.next().active().size();
    if (size > config.declaredMax()) {
      flaws.add(
          Flaw.error(
              "form",
              new Place("registry", 0, 0),
              "there would be " + size + " things declared",
              "declare at most " + config.declaredMax() + ", or raise the configured bound"));
    }
  }

  static Flaw flaw(Proposal proposal, PolicyCheck.Problem problem) {
    var place = place(proposal, problem.policy(), problem.line(), problem.column());
    return Flaw.error("policy", place, problem.message(), problem.remedy());
  }

  static Flaw warning(Proposal proposal, PolicyCheck.Problem finding) {
    var place = place(proposal, finding.policy(), finding.line(), finding.column());
    return Flaw.warning("policy", place, finding.message(), finding.remedy());
  }

  /// Returns where a place in a policy's Cedar text stands in its file.
  static Place place(Proposal proposal, PolicyName policy, int line, int column) {
    var text = proposal.place(new Ref(Kind.POLICY, policy.value()), "cedar");
    // A block scalar's text starts on the line after its `|`.
    return text.line() == 0 ? text : new Place(text.file(), text.line() + line, column);
  }
}
