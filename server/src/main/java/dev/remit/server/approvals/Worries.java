package dev.remit.server.approvals;

import dev.remit.kernel.identity.Role;
import dev.remit.server.assumptions.Broken;
import dev.remit.server.findings.Finding;

/// What is found about approvals, for whoever must act.
final class Worries {

  private Worries() {}

  /// An approval that people had given is void. One finding for each workflow, however often.
  static Finding.Sighting broken(Approval approval, Broken broken) {
    var binding = approval.binding();
    return new Finding.Sighting(
        "approval-void",
        "workflow " + binding.workflow(),
        Finding.Severity.LOW,
        "%s, given to %s for %s, is void: %s"
            .formatted(approval.id(), binding.identity(), binding.wanted().item(), broken.how()),
        "see whether the change is wanted; the agent asks anew by itself",
        Role.OWNER);
  }

  /// Somebody asks people more than they can answer with care.
  static Finding.Sighting worn(Attached.Crowd crowd, Binding binding) {
    return new Finding.Sighting(
        "approver-worn-down",
        "identity " + binding.identity(),
        Finding.Severity.HIGH,
        binding.identity()
            + " asks for more approvals than people can answer with care: "
            + (crowd.pending()
                ? "%d wait under the %s %s".formatted(crowd.max(), crowd.what(), crowd.name())
                : "%d in the last while".formatted(crowd.max())),
        "look at what it asks for (`remit approvals`); decline it, `remit suspend identity "
            + binding.identity()
            + "`, or let policy decide these calls without a person",
        Role.SECURITY);
  }
}
