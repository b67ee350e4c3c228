package dev.remit.server.tokens;

import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Workflow;

/// The standings that a token was minted under.
///
/// @param owner the workflow's owner then
/// @param identity the identity's epoch then
/// @param workflow the workflow's epoch then
/// @param person the owner's epoch then
public record Epochs(PersonName owner, long identity, long workflow, long person) {

  /// Returns those of now.
  static Epochs now(Losses losses, Identity identity, Workflow workflow) {
    return new Epochs(
        workflow.owner(),
        losses.epoch(Party.of(identity.name())),
        losses.epoch(Party.of(workflow.name())),
        losses.epoch(Party.of(workflow.owner())));
  }
}
