package dev.remit.server.decisions;

import dev.remit.kernel.identity.Autonomy;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.Stage;
import dev.remit.server.registry.Declared;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Resource;
import dev.remit.server.registry.Workflow;
import java.time.Duration;
import java.util.Optional;

/// A question that nobody has asked, and what is supposed to be otherwise than it is declared while
/// it is answered.
///
/// @param autonomy of the identity that asks
/// @param stage of its workflow
/// @param environment of the resource
/// @param lifecycle of the model that the identity declares
record Supposition(
    Question question,
    Optional<Autonomy> autonomy,
    Optional<Stage> stage,
    Optional<Environment> environment,
    Optional<Lifecycle> lifecycle) {
  private static final Duration PILOT = Duration.ofDays(30);

  /// Supposes nothing but that it is asked.
  Supposition(Question question) {
    this(question, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// What is supposed beside the question: two suppositions with the same see the same world.
  record Changes(
      IdentityName identity,
      ResourceName resource,
      Optional<Autonomy> autonomy,
      Optional<Stage> stage,
      Optional<Environment> environment,
      Optional<Lifecycle> lifecycle) {}

  Changes changes() {
    return new Changes(
        question.identity(), question.target().resource(), autonomy, stage, environment, lifecycle);
  }

  boolean changesNothing() {
    return autonomy.isEmpty() && stage.isEmpty() && environment.isEmpty() && lifecycle.isEmpty();
  }

  /// Returns what would be registered if it were so.
  Registered in(Registered registered) {
    return changesNothing()
        ? registered
        : new Registered(
            registered.version(),
            registered.all().stream().map(one -> changed(one, registered)).toList());
  }

  private Declared changed(Declared declared, Registered registered) {
    return switch (declared) {
      case Identity identity when identity.name().equals(question.identity()) ->
          new Identity(
              identity.name(),
              identity.spiffeId(),
              identity.workflow(),
              identity.identityKind(),
              autonomy.orElse(identity.autonomy()),
              identity.model(),
              identity.delegatesTo(),
              identity.authenticatesBy());
      case Workflow workflow when serves(workflow, registered) && stage.isPresent() ->
          at(stage.get(), workflow);
      case Resource resource when resource.name().equals(question.target().resource()) ->
          new Resource(
              resource.name(), environment.orElse(resource.environment()), resource.upstream());
      case Model model when decides(model, registered) ->
          new Model(
              model.name(),
              model.provider(),
              model.model(),
              model.version(),
              model.parameters(),
              model.contextWindow(),
              model.safety(),
              lifecycle.orElse(model.lifecycle()),
              model.resource(),
              model.outputMax(),
              model.price());
      case Declared other -> other;
    };
  }

  private boolean decides(Model model, Registered registered) {
    return registered
        .identity(question.identity())
        .flatMap(Identity::model)
        .filter(model.name()::equals)
        .isPresent();
  }

  private boolean serves(Workflow workflow, Registered registered) {
    return registered
        .identity(question.identity())
        .filter(identity -> identity.workflow().equals(workflow.name()))
        .isPresent();
  }

  private Workflow at(Stage other, Workflow workflow) {
    return new Workflow(
        workflow.name(),
        workflow.purpose(),
        workflow.owner(),
        workflow.sponsor(),
        workflow.escalation(),
        workflow.dataClasses(),
        workflow.intents(),
        other,
        other == Stage.PILOT ? Optional.of(question.now().plus(PILOT)) : Optional.empty(),
        workflow.retention(),
        workflow.timeZone());
  }
}
