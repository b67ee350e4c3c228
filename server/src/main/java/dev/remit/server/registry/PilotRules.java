package dev.remit.server.registry;

import dev.remit.kernel.identity.Stage;

/// A pilot is a production candidate that ends by itself.
final class PilotRules {
  private PilotRules() {}

  static void check(Proposal proposal, RegistryConfig config, RiskShift shift, Flaws flaws) {
    for (var workflow : proposal.next().registered().workflows()) {
      var ref = new Ref(Kind.WORKFLOW, workflow.key());
      workflow
          .pilotExpires()
          .ifPresent(at -> {
            if (!at.isAfter(proposal.now())) {
              flaws.whenTouched(
                  "R57",
                  ref,
                  "pilotExpires",
                  "the pilot " + ref.said() + " expired at " + at,
                  "promote it, retire it, or agree on a later end");
              return;
            }
            var risk = shift.of(workflow.name());
            var max = config.pilotMax(risk);
            if (at.isAfter(proposal.now().plus(max))) {
              flaws.whenTouched(
                  "R57",
                  ref,
                  "pilotExpires",
                  "the pilot "
                      + ref.said()
                      + ", of "
                      + risk.word()
                      + " risk, would run until "
                      + at,
                  "end it within " + max.toDays() + " days");
            }
          });
    }
    flagWideGrants(proposal, flaws);
  }

  private static void flagWideGrants(Proposal proposal, Flaws flaws) {
    var next = proposal.next().registered();
    for (var grant : next.grants()) {
      boolean pilot =
          next.identity(grant.identity())
              .flatMap(identity -> next.workflow(identity.workflow()))
              .filter(workflow -> workflow.stage() == Stage.PILOT)
              .isPresent();
      if (pilot && grant.tools() instanceof Grant.Tools.EveryPinned) {
        var ref = new Ref(Kind.GRANT, grant.key());
        flaws.flag(
            "R61",
            ref,
            "tools",
            ref.said() + " gives a pilot every tool of `" + grant.resource() + "`",
            "name the tools its test case needs");
      }
    }
  }
}
