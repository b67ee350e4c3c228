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
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Assumptions in JSON: an object whose `assumes` tells the kind, and whose other members are the
/// components by their names. `docs/formats/assumptions.md` is the specification.
final class AssumptionJson {

  private AssumptionJson() {}

  static ObjectNode write(Assumption assumption) {
    var json = JsonMapper.shared().createObjectNode();
    return switch (assumption) {
      case Assumption.ModelIs(var identity, var model, var fingerprint) ->
          json.put("assumes", "model")
              .put("identity", identity.value())
              .put("model", model.value())
              .put("fingerprint", fingerprint.value());
      case Assumption.NoModel(var identity) ->
          json.put("assumes", "no-model").put("identity", identity.value());
      case Assumption.ToolIs(var tool, var definition, var effects, var dataClasses) -> {
        json.put("assumes", "tool")
            .put("tool", tool.toString())
            .put("definition", definition.value());
        effects.forEach(json.putArray("effects")::add);
        dataClasses.forEach(json.putArray("dataClasses")::add);
        yield json;
      }
      case Assumption.ServerIs(var resource, var server) ->
          json.put("assumes", "server")
              .put("resource", resource.value())
              .put("server", server.value());
      case Assumption.PoliciesAre(var policies) ->
          json.put("assumes", "policies").put("policies", policies.value());
      case Assumption.GrantIs(var grant, var allows) ->
          json.put("assumes", "grant").put("grant", grant.value()).put("allows", allows.value());
      case Assumption.OwnerIs(var workflow, var owner) ->
          json.put("assumes", "owner")
              .put("workflow", workflow.value())
              .put("owner", owner.value());
      case Assumption.WorkflowIs(var workflow, var declared) ->
          json.put("assumes", "workflow")
              .put("workflow", workflow.value())
              .put("declared", declared.value());
      case Assumption.ReachIs(var identity, var reach) ->
          json.put("assumes", "reach")
              .put("identity", identity.value())
              .put("reach", reach.value());
      case Assumption.RiskAtMost(var identity, var most) ->
          json.put("assumes", "risk").put("identity", identity.value()).put("most", most);
      case Assumption.PersonMay(var person, var role) ->
          json.put("assumes", "role").put("person", person.value()).put("role", role.word());
    };
  }

  /// @throws IllegalArgumentException if it is none that is known here
  static Assumption read(JsonNode json) {
    return switch (text(json, "assumes")) {
      case "model" ->
          new Assumption.ModelIs(
              identity(json), new ModelName(text(json, "model")), digest(json, "fingerprint"));
      case "no-model" -> new Assumption.NoModel(identity(json));
      case "tool" ->
          new Assumption.ToolIs(
              ToolName.parse(text(json, "tool")),
              digest(json, "definition"),
              texts(json, "effects"),
              texts(json, "dataClasses"));
      case "server" ->
          new Assumption.ServerIs(new ResourceName(text(json, "resource")), digest(json, "server"));
      case "policies" -> new Assumption.PoliciesAre(digest(json, "policies"));
      case "grant" ->
          new Assumption.GrantIs(new GrantName(text(json, "grant")), digest(json, "allows"));
      case "owner" -> new Assumption.OwnerIs(workflow(json), new PersonName(text(json, "owner")));
      case "workflow" -> new Assumption.WorkflowIs(workflow(json), digest(json, "declared"));
      case "reach" -> new Assumption.ReachIs(identity(json), digest(json, "reach"));
      case "risk" -> new Assumption.RiskAtMost(identity(json), text(json, "most"));
      case "role" ->
          new Assumption.PersonMay(
              new PersonName(text(json, "person")), Word.parse(Role.class, text(json, "role")));
      case String other ->
          throw new IllegalArgumentException("`" + other + "` is no kind of assumption");
    };
  }

  private static IdentityName identity(JsonNode json) {
    return new IdentityName(text(json, "identity"));
  }

  private static WorkflowName workflow(JsonNode json) {
    return new WorkflowName(text(json, "workflow"));
  }

  private static Digest digest(JsonNode json, String member) {
    return new Digest(text(json, member));
  }

  private static String text(JsonNode json, String member) {
    return json.path(member).asString("");
  }

  private static List<String> texts(JsonNode json, String member) {
    return json.path(member).valueStream().map(one -> one.asString("")).toList();
  }
}
