package dev.remit.server.assumptions;

import dev.remit.kernel.canonical.Digest;
import dev.remit.server.registry.Person;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Workflow;
import java.util.Optional;

/// How things are at one moment, for assumptions to be held against.
///
/// @param policies the set that decides
public record Present(Registered declared, Digest policies, RiskClasses risks) {

  /// Returns what contradicts `assumption`, in words; empty if it holds.
  Optional<String> contradicts(Assumption assumption) {
    return switch (assumption) {
      case Assumption.ModelIs it -> model(it);
      case Assumption.NoModel(var identity) ->
          declared
              .identity(identity)
              .map(
                  known -> known.model().map(name -> identity + " is decided by the model " + name))
              .orElseGet(() -> gone("identity", identity.value()));
      case Assumption.ToolIs it -> tool(it);
      case Assumption.ServerIs(var resource, var server) ->
          declared.resource(resource).isEmpty()
              ? gone("resource", resource.value())
              : unless(
                  declared
                      .resource(resource)
                      .filter(known -> known.upstream().digest().equals(server))
                      .isPresent(),
                  "the server behind the resource " + resource + " has changed");
      case Assumption.PoliciesAre(var then) ->
          unless(policies.equals(then), "the policies have changed");
      case Assumption.GrantIs it -> grant(it);
      case Assumption.OwnerIs(var workflow, var owner) ->
          declared.workflow(workflow).isEmpty()
              ? gone("workflow", workflow.value())
              : unless(
                  declared
                      .workflow(workflow)
                      .map(Workflow::owner)
                      .filter(owner::equals)
                      .isPresent(),
                  "the workflow " + workflow + " has another owner");
      case Assumption.WorkflowIs(var workflow, var then) ->
          declared
              .workflow(workflow)
              .map(known ->
                  unless(
                      ReachDigest.of(known).equals(then),
                      "the workflow " + workflow + " is declared otherwise"))
              .orElseGet(() -> gone("workflow", workflow.value()));
      case Assumption.ReachIs(var identity, var then) ->
          declared
              .identity(identity)
              .map(known ->
                  unless(
                      ReachDigest.of(known, declared).equals(then),
                      "what " + identity + " reaches has changed"))
              .orElseGet(() -> gone("identity", identity.value()));
      case Assumption.RiskAtMost(var identity, var most) ->
          unless(
              risks.isAtMost(identity, most),
              "the risk of " + identity + " is not known to be at most " + most);
      case Assumption.PersonMay(var person, var role) ->
          declared.person(person).filter(Person::active).isEmpty()
              ? Optional.of(person + " has left")
              : unless(
                  declared.person(person).filter(known -> known.may(role)).isPresent(),
                  person + " no longer holds the role " + role.word());
    };
  }

  private Optional<String> model(Assumption.ModelIs then) {
    var identity = declared.identity(then.identity());
    if (identity.isEmpty()) {
      return gone("identity", then.identity().value());
    }
    if (!identity.get().model().equals(Optional.of(then.model()))) {
      return Optional.of(then.identity() + " is no longer decided by the model " + then.model());
    }
    return declared
        .model(then.model())
        .map(known ->
            unless(
                known.fingerprint().equals(then.fingerprint()),
                "the model "
                    + then.model()
                    + " has changed (version, parameters, context window or safety settings)"))
        .orElseGet(() -> gone("model", then.model().value()));
  }

  private Optional<String> tool(Assumption.ToolIs then) {
    var tool = declared.tool(then.tool());
    if (tool.isEmpty()) {
      return gone("tool", then.tool().toString());
    }
    var now = Assumption.ToolIs.of(tool.get());
    if (!now.definition().equals(then.definition())) {
      return Optional.of("the definition of the tool " + then.tool() + " has changed");
    }
    return unless(
        now.equals(then), "the tool " + then.tool() + " has other effects or classes of data");
  }

  private Optional<String> grant(Assumption.GrantIs then) {
    return declared.grants().stream()
        .filter(known -> known.name().equals(then.grant()))
        .findFirst()
        .map(known ->
            unless(
                ReachDigest.of(known).equals(then.allows()),
                "the grant " + then.grant() + " allows something else"))
        .orElseGet(() -> gone("grant", then.grant().value()));
  }

  private static Optional<String> gone(String kind, String name) {
    return Optional.of("the " + kind + " " + name + " is no longer declared");
  }

  private static Optional<String> unless(boolean holds, String how) {
    return holds ? Optional.empty() : Optional.of(how);
  }
}
