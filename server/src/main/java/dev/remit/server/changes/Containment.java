package dev.remit.server.changes;

import dev.remit.kernel.change.Axis;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.IdentityKind;
import dev.remit.kernel.identity.Lifecycle;
import dev.remit.kernel.identity.Stage;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import java.time.Instant;
import java.util.Optional;

/// What must be on record of a model before anybody may approve it for production: a beta is a
/// bounded way to operate, and no label.
final class Containment {
  private Containment() {}

  /// Whether a beta reaches beyond what it is contained in: data that nobody minds and nothing of
  /// production, and for an agent, which chooses by itself, nothing that acts at all. Somebody else
  /// has to approve that even in a pilot; until then those grants grant nothing.
  static boolean isLeft(Change change, Assessment found, Registered registered) {
    return registered
        .identity(change.identity())
        .filter(identity -> isLeft(identity, found, registered))
        .isPresent();
  }

  static boolean isLeft(Identity identity, Assessment found, Registered registered) {
    boolean beta =
        identity
            .model()
            .flatMap(registered::model)
            .filter(model -> model.lifecycle() == Lifecycle.BETA)
            .isPresent();
    boolean chooses = identity.identityKind() == IdentityKind.AGENT;
    return beta
        && (found.axes().contains(Axis.DATA_EXPOSURE)
            || found.after().stream()
                .anyMatch(path ->
                    path.acts() && (chooses || path.environment() == Environment.PRODUCTION)));
  }

  /// Returns what is missing, if something is.
  static Optional<Changes.Answered> lacking(Change change, Registered registered, Instant now) {
    var model = registered.model(change.model());
    if (model.isEmpty()) {
      return missing(
          "the model `" + change.model() + "` is no longer declared", "`remit apply` it again");
    }
    boolean production =
        registered
            .workflow(change.workflow())
            .filter(workflow -> workflow.stage() == Stage.PRODUCTION)
            .isPresent();
    return production ? inProduction(model.get(), now) : Optional.empty();
  }

  private static Optional<Changes.Answered> inProduction(Model model, Instant now) {
    var terms = model.terms();
    boolean gone =
        model.lifecycle() == Lifecycle.WITHDRAWN
            || terms.withdrawsAt().filter(at -> !now.isBefore(at)).isPresent();
    if (gone) {
      return missing(
          "the model `" + model.name() + "` is withdrawn by its provider",
          "`remit changes rollback` to what was approved before, or declare its fallback");
    }
    if (model.lifecycle() != Lifecycle.BETA) {
      return Optional.empty();
    }
    if (terms.rollback().isEmpty()) {
      return missing(
          "the beta model `" + model.name() + "` has no criteria of rollback",
          "`remit apply` it with `rollback`, such as `{on: drift, do: rollback}`");
    }
    return terms.contract().isEmpty()
        ? missing(
            "nobody has reviewed the provider's contract of the beta model `" + model.name() + "`",
            "`remit apply` it with `contractReview`")
        : Optional.empty();
  }

  private static Optional<Changes.Answered> missing(String what, String next) {
    return Optional.of(new Changes.Answered.Lacking(what, next));
  }
}
