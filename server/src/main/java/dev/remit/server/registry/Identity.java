package dev.remit.server.registry;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.SpiffeId;
import dev.remit.kernel.identity.WorkflowName;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One workload identity, bound to exactly one workflow for as long as it is known.
///
/// @param model what decides what it does, if a model does
/// @param prompts digests of the system prompts that it runs with; empty where nobody has said
/// @param delegatesTo who may be handed a part of one of its tasks; nobody where it names none
/// @param authenticatesBy the platform proofs by which it is recognised, any one of which suffices;
///   never empty
public record Identity(
    IdentityName name,
    SpiffeId spiffeId,
    WorkflowName workflow,
    IdentityKind identityKind,
    Autonomy autonomy,
    Optional<ModelName> model,
    Set<Digest> prompts,
    Set<IdentityName> delegatesTo,
    List<Authentication> authenticatesBy)
    implements Declared {

  public Identity {
    prompts = Set.copyOf(prompts);
    delegatesTo = Set.copyOf(delegatesTo);
    authenticatesBy = List.copyOf(authenticatesBy);
    if (authenticatesBy.isEmpty()) {
      throw new IllegalArgumentException("identity " + name + " cannot authenticate");
    }
  }

  /// One of whose prompts nothing is said.
  public Identity(
      IdentityName name,
      SpiffeId spiffeId,
      WorkflowName workflow,
      IdentityKind identityKind,
      Autonomy autonomy,
      Optional<ModelName> model,
      Set<IdentityName> delegatesTo,
      List<Authentication> authenticatesBy) {
    this(
        name,
        spiffeId,
        workflow,
        identityKind,
        autonomy,
        model,
        Set.of(),
        delegatesTo,
        authenticatesBy);
  }

  /// Whether `person` may let it act for them at `client`.
  public boolean isLentTo(PersonName person, URI client) {
    return authenticatesBy.stream()
        .anyMatch(
            way -> way instanceof Authentication.SignIn signIn && signIn.admits(person, client));
  }

  @Override
  public Kind kind() {
    return Kind.IDENTITY;
  }

  @Override
  public String key() {
    return name.value();
  }
}
