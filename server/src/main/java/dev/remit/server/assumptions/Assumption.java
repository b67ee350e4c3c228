package dev.remit.server.assumptions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Role;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.identity.WorkflowName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Workflow;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One thing that somebody who agreed has taken for given.
///
/// Says how it was then, completely enough to tell whether it still is. What an assumption is about
/// (the tool's name, the identity) is never enough by itself: the digest beside it is of everything
/// that matters about it. JSON: `docs/formats/assumptions.md`.
public sealed interface Assumption {

  /// An identity is decided by this model, with these parameters and safety settings.
  ///
  /// @param fingerprint see [dev.remit.server.registry.Model#fingerprint]
  record ModelIs(IdentityName identity, ModelName model, Digest fingerprint)
      implements Assumption {}

  /// An identity is decided by no model that is declared.
  record NoModel(IdentityName identity) implements Assumption {}

  /// A tool is defined, does and touches what it was reviewed for.
  ///
  /// @param effects as words, sorted
  /// @param dataClasses sorted
  record ToolIs(ToolName tool, Digest definition, List<String> effects, List<String> dataClasses)
      implements Assumption {
    public ToolIs {
      effects = effects.stream().sorted().toList();
      dataClasses = dataClasses.stream().sorted().toList();
    }

    public static ToolIs of(Tool tool) {
      return new ToolIs(
          tool.name(),
          tool.definition(),
          tool.effects().stream().map(Word::word).toList(),
          List.copyOf(tool.dataClasses()));
    }
  }

  /// A resource is reached where and how it was.
  ///
  /// @param server see [dev.remit.server.registry.Upstream#digest]
  record ServerIs(ResourceName resource, Digest server) implements Assumption {
    public static ServerIs of(Resource resource) {
      return new ServerIs(resource.name(), resource.upstream().digest());
    }
  }

  /// These policies decide.
  record PoliciesAre(Digest policies) implements Assumption {}

  /// A grant allows what it allowed. Whoever approved it, and until when, is not part of it.
  ///
  /// @param allows see [ReachDigest#of(Grant)]
  record GrantIs(GrantName grant, Digest allows) implements Assumption {
    public static GrantIs of(Grant grant) {
      return new GrantIs(grant.name(), ReachDigest.of(grant));
    }
  }

  /// This person answers for the workflow.
  record OwnerIs(WorkflowName workflow, PersonName owner) implements Assumption {
    public static OwnerIs of(Workflow workflow) {
      return new OwnerIs(workflow.name(), workflow.owner());
    }
  }

  /// A workflow is declared as it was, but for its stage, its pilot's end and its owner.
  ///
  /// @param declared see [ReachDigest#of(Workflow)]
  record WorkflowIs(WorkflowName workflow, Digest declared) implements Assumption {
    public static WorkflowIs of(Workflow workflow) {
      return new WorkflowIs(workflow.name(), ReachDigest.of(workflow));
    }
  }

  /// An identity reaches no more and nothing else than it did, with whatever is behind it.
  ///
  /// @param reach see [ReachDigest#of(Identity, Registered)]
  record ReachIs(IdentityName identity, Digest reach) implements Assumption {
    public static ReachIs of(Identity identity, Registered declared) {
      return new ReachIs(identity.name(), ReachDigest.of(identity, declared));
    }
  }

  /// The risk of an identity is of this class or a lower one.
  ///
  /// @param most one of [RiskClasses#fromLowest]
  record RiskAtMost(IdentityName identity, String most) implements Assumption {}

  /// A person is here and holds a role.
  record PersonMay(PersonName person, Role role) implements Assumption {}

  /// What decides an identity now: its model, or none.
  static Assumption modelOf(Identity identity, Registered declared) {
    return identity
        .model()
        .flatMap(declared::model)
        .<Assumption>map(model -> new ModelIs(identity.name(), model.name(), model.fingerprint()))
        .orElseGet(() -> new NoModel(identity.name()));
  }

  /// Returns how it is broken in `now`; empty if it holds. What cannot be said does not hold.
  default Optional<Broken> brokenIn(Present now) {
    return now.contradicts(this).map(how -> new Broken(this, how));
  }

  /// Says it to people, in one clause: ``tool `files/pay` is defined as sha256:…``.
  default String said() {
    return Saying.of(this);
  }

  default ObjectNode json() {
    return AssumptionJson.write(this);
  }
}
