package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.WorkflowName;
import java.util.Map;

/// The standings that a token was minted under.
///
/// @param owner the workflow's owner then
/// @param identity the identity's epoch then
/// @param workflow the workflow's epoch then
/// @param person the owner's epoch then
/// @param beside the epochs then of whatever else it rests on: the resource that it is for, the
///   model that decides for the identity, the key that vouched for it
public record Epochs(
    PersonName owner, long identity, long workflow, long person, Map<Party, Long> beside) {

  public Epochs {
    beside = Map.copyOf(beside);
  }

  /// Whether what was minted under these for `name` of `ofWorkflow` is beneath `party`.
  boolean isUnder(IdentityName name, WorkflowName ofWorkflow, Party party) {
    return switch (party.kind()) {
      case IDENTITY -> name.value().equals(party.name());
      case WORKFLOW -> ofWorkflow.value().equals(party.name());
      case PERSON -> owner.value().equals(party.name());
      case RESOURCE, MODEL, KEY -> beside.containsKey(party);
    };
  }
}
