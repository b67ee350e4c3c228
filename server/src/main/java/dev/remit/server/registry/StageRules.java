package dev.remit.server.registry;

import dev.remit.kernel.identity.Stage;

/// A workflow comes into production by promotion, on proofs, and not because a file says so.
final class StageRules {
  private StageRules() {}

  static void check(Proposal proposal, RegistryConfig config, Flaws flaws) {
    if (proposal.isRestaging()) {
      return;
    }
    for (var workflow : proposal.next().registered().workflows()) {
      var ref = new Ref(Kind.WORKFLOW, workflow.key());
      var was = proposal.current().registered().workflow(workflow.name()).map(Workflow::stage);
      boolean wasProduction = was.filter(stage -> stage == Stage.PRODUCTION).isPresent();
      if (workflow.stage() == Stage.PRODUCTION && !wasProduction) {
        enters(config, ref, flaws);
      } else if (workflow.stage() == Stage.PILOT && wasProduction) {
        flaws.flag(
            "R33",
            ref,
            "stage",
            ref.said() + " is in production, and would be a pilot again",
            "write `stage: production` and leave `pilotExpires` out, unless it is to be demoted");
      }
    }
  }

  private static void enters(RegistryConfig config, Ref ref, Flaws flaws) {
    var message = ref.said() + " would be in production without its promotion";
    var remedy =
        "write `stage: pilot` with a `pilotExpires`, apply it, then: remit promote request "
            + ref.name();
    if (config.gated()) {
      flaws.always("R43", ref, "stage", message, remedy);
    } else {
      flaws.flag("R43", ref, "stage", message, remedy);
    }
  }
}
