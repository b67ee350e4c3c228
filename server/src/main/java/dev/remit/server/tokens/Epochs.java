package dev.remit.server.tokens;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Workflow;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /// Returns those of now.
  ///
  /// @param resource that the token is for
  /// @param key by which the identity has proved who it is, if it is one of its own
  static Epochs now(
      Losses losses,
      Identity identity,
      Workflow workflow,
      Optional<ResourceName> resource,
      Optional<Party> key) {
    var beside =
        Stream.of(resource.map(Party::of), identity.model().map(Party::of), key)
            .flatMap(Optional::stream);
    return new Epochs(
        workflow.owner(),
        losses.epoch(Party.of(identity.name())),
        losses.epoch(Party.of(workflow.name())),
        losses.epoch(Party.of(workflow.owner())),
        beside.collect(Collectors.toUnmodifiableMap(Function.identity(), losses::epoch)));
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
