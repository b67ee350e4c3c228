package dev.remit.server.registry;

import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.PersonName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.WorkflowName;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// What an identity may be allowed to ask of one resource. Never enough by itself: the task's scope
/// and policy must agree on each call.
///
/// @param prompts names of prompts; `*` stands for every one
/// @param reads patterns of resource URIs, see [UriPattern]
/// @param asks names of workflows for whose identities the identity may ask this server to decide
///   on the resource, as the enforcement point of somebody else; `*` stands for every one
/// @param profiles names of a database's access profiles for which credentials may be asked
/// @param models names of models that may be asked at the resource; `*` stands for every one there.
///   A grant that names any lets the identity ask its own model there too
/// @param spending how much may be spent on asking models
/// @param dataClasses the classes of data it may touch; always within the workflow's
/// @param callsPerTaskMax calls in one task, 1 or more
/// @param expiresAt first instant at which it grants nothing any more
public record Grant(
    GrantName name,
    IdentityName identity,
    ResourceName resource,
    Tools tools,
    Set<String> prompts,
    List<UriPattern> reads,
    Set<String> asks,
    Set<String> profiles,
    Set<String> models,
    Spending spending,
    Set<String> dataClasses,
    long callsPerTaskMax,
    PersonName approvedBy,
    Instant expiresAt)
    implements Declared {

  public Grant {
    prompts = Set.copyOf(prompts);
    reads = List.copyOf(reads);
    asks = Set.copyOf(asks);
    profiles = Set.copyOf(profiles);
    models = Set.copyOf(models);
    dataClasses = Set.copyOf(dataClasses);
    if (callsPerTaskMax < 1) {
      throw new IllegalArgumentException("callsPerTaskMax must be 1 or more");
    }
  }

  /// One that names no model.
  public Grant(
      GrantName name,
      IdentityName identity,
      ResourceName resource,
      Tools tools,
      Set<String> prompts,
      List<UriPattern> reads,
      Set<String> asks,
      Set<String> profiles,
      Set<String> dataClasses,
      long callsPerTaskMax,
      PersonName approvedBy,
      Instant expiresAt) {
    this(
        name,
        identity,
        resource,
        tools,
        prompts,
        reads,
        asks,
        profiles,
        Set.of(),
        Spending.ANY,
        dataClasses,
        callsPerTaskMax,
        approvedBy,
        expiresAt);
  }

  /// Bounds on asking models; [Long#MAX_VALUE] where there is none.
  ///
  /// @param tokensPerTaskMax tokens read and written in one task, 1 or more
  /// @param costPerTaskMicros what they may cost, in millionths; 1 or more
  /// @param perMinuteMax questions by the identity within 60 seconds, 1 or more
  public record Spending(long tokensPerTaskMax, long costPerTaskMicros, long perMinuteMax) {
    public static final Spending ANY = new Spending(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    public Spending {
      if (tokensPerTaskMax < 1 || costPerTaskMicros < 1 || perMinuteMax < 1) {
        throw new IllegalArgumentException("what is spent on models is bounded by 1 or more");
      }
    }
  }

  /// Which tools of the resource a grant names.
  public sealed interface Tools {

    /// Every tool of the resource that has a reviewed definition.
    record EveryPinned() implements Tools {}

    /// Exactly these, by the names they have on the wire.
    record Named(Set<String> names) implements Tools {
      public Named {
        names = Set.copyOf(names);
      }
    }
  }

  /// Whether the grant names `tool`. Says nothing about time, scope or policy.
  public boolean names(Tool tool) {
    return tool.name().resource().equals(resource)
        && switch (tools) {
          case Tools.EveryPinned() -> true;
          case Tools.Named(var names) -> names.contains(tool.name().tool());
        };
  }

  public boolean namesPrompt(String prompt) {
    return prompts.contains(prompt) || prompts.contains("*");
  }

  public boolean namesRead(String uri) {
    return reads.stream().anyMatch(pattern -> pattern.matches(uri));
  }

  /// Whether it lets the identity ask for a credential of `profile`.
  public boolean namesProfile(String profile) {
    return profiles.contains(profile);
  }

  /// Whether it lets `identity` ask `model` at the resource.
  public boolean namesModel(Model model, Identity identity) {
    return model.resource().filter(resource::equals).isPresent()
        && (models.contains(model.name().value())
            || models.contains("*")
            || (!models.isEmpty() && identity.model().filter(model.name()::equals).isPresent()));
  }

  /// Whether decisions about identities of `workflow` may be asked for. Grants no use of anything.
  public boolean asksAbout(WorkflowName workflow) {
    return asks.contains(workflow.value()) || asks.contains("*");
  }

  /// Whether it lets the identity use anything at all, and not only ask about others.
  public boolean grantsUse() {
    return !tools.equals(new Tools.Named(Set.of()))
        || !prompts.isEmpty()
        || !reads.isEmpty()
        || !profiles.isEmpty()
        || !models.isEmpty();
  }

  public boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  @Override
  public Kind kind() {
    return Kind.GRANT;
  }

  @Override
  public String key() {
    return name.value();
  }
}
