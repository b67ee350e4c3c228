package dev.remit.server.assumptions;

/// Says assumptions to people, each in one clause.
final class Saying {

  private Saying() {}

  static String of(Assumption assumption) {
    return switch (assumption) {
      case Assumption.ModelIs(var identity, var model, var fingerprint) ->
          "`%s` is decided by the model `%s`, fingerprint %s"
              .formatted(identity, model, fingerprint);
      case Assumption.NoModel(var identity) -> "`" + identity + "` is decided by no model";
      case Assumption.ToolIs(var tool, var definition, var effects, var dataClasses) ->
          "the tool `%s` is defined as %s, effects %s, data %s"
              .formatted(
                  tool, definition, String.join(", ", effects), String.join(", ", dataClasses));
      case Assumption.ServerIs(var resource, var server) ->
          "the resource `%s` is reached as %s".formatted(resource, server);
      case Assumption.PoliciesAre(var policies) -> "the policies are " + policies;
      case Assumption.GrantIs(var grant, var allows) ->
          "the grant `%s` allows %s".formatted(grant, allows);
      case Assumption.OwnerIs(var workflow, var owner) ->
          "the workflow `%s` is owned by `%s`".formatted(workflow, owner);
      case Assumption.WorkflowIs(var workflow, var declared) ->
          "the workflow `%s` is declared as %s".formatted(workflow, declared);
      case Assumption.ReachIs(var identity, var reach) ->
          "`%s` reaches what it did, %s".formatted(identity, reach);
      case Assumption.RiskAtMost(var identity, var most) ->
          "the risk of `%s` is at most %s".formatted(identity, most);
      case Assumption.PersonMay(var person, var role) ->
          "`%s` holds the role %s".formatted(person, role.word());
    };
  }
}
