package dev.remit.server.decisions;

import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import java.util.Arrays;
import java.util.Comparator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The Cedar schema of what is registered: what policies are validated against.
///
/// Each tool is an action of its own, a member of `Action::"call"`, so that its arguments have the
/// types of its own JSON Schema. Reference for policy authors: `docs/guides/policy.md`; keep both
/// in step.
final class CedarSchema {
  private static final JsonMapper JSON = JsonMapper.shared();

  private CedarSchema() {}

  /// Returns the schema in Cedar's JSON format.
  static ObjectNode of(Registered registered) {
    var schema = JSON.createObjectNode();
    var all = schema.putObject("");
    entityTypes(all.putObject("entityTypes"));
    var actions = all.putObject("actions");
    actions.putObject(Action.CALL.word());
    Arrays.stream(Action.values())
        .filter(action -> action != Action.CALL)
        .forEach(action ->
            action(
                actions,
                action.word(),
                action.resourceType(),
                action == Action.ASK ? askContext() : itemContext()));
    registered.tools().stream()
        .sorted(Comparator.comparing(Tool::name))
        .forEach(tool -> toolAction(actions, tool));
    return schema;
  }

  private static void entityTypes(ObjectNode types) {
    var identity = types.putObject("Identity");
    identity.putArray("memberOfTypes").add("Workflow");
    var identityShape = shape(identity);
    identityShape.set("kind", string());
    identityShape.set("autonomy", string());
    identityShape.set("workflow", entity("Workflow"));
    identityShape.set("risk", string());
    identityShape.set("model", entity("Model").put("required", false));

    var workflow = shape(types.putObject("Workflow"));
    workflow.set("owner", entity("Person"));
    workflow.set("stage", string());
    workflow.set("risk", string());
    workflow.set("intents", set(string()));
    workflow.set("dataClasses", set(entity("DataClass")));

    shape(types.putObject("Person")).set("roles", set(string()));
    shape(types.putObject("Resource")).set("environment", string());

    var tool = types.putObject("Tool");
    tool.putArray("memberOfTypes").add("Resource");
    toolFacts(shape(tool));

    var modelType = types.putObject("Model");
    modelType.putArray("memberOfTypes").add("Resource");
    var model = shape(modelType);
    model.set("provider", string());
    model.set("lifecycle", string());
    model.set("fingerprint", string());

    shape(types.putObject("DataClass")).set("sensitivity", type("Long"));
  }

  private static void toolFacts(ObjectNode attributes) {
    attributes.set("effects", set(string()));
    attributes.set("dataClasses", set(entity("DataClass")));
    attributes.set("environment", string());
    attributes.set("sensitivity", type("Long"));
  }

  private static ObjectNode commonContext() {
    var context = JSON.createObjectNode();
    var task = record(context, "task");
    task.set("id", string());
    task.set("intent", string());
    task.set("callsSoFar", type("Long"));
    task.set("callsMax", type("Long"));
    task.set("expires", datetime());
    var delegation = record(context, "delegation");
    delegation.set("depth", type("Long"));
    delegation.set("by", set(entity("Identity")));
    context.set("touched", set(entity("DataClass")));
    context.set("sensitivity", type("Long"));
    var model = record(context, "model");
    model.set("name", string());
    model.set("lifecycle", string());
    model.set("fingerprint", string());
    context.set("autonomy", string());
    context.set("stage", string());
    context.set("environment", string());
    context.set("time", datetime());
    var local = record(context, "local");
    local.set("hour", type("Long"));
    local.set("minute", type("Long"));
    local.set("weekday", type("Long"));
    context.set("approved", type("Boolean"));
    context.set("risk", type("Long"));
    var secrets = record(context, "secrets");
    secrets.set("count", type("Long"));
    secrets.set("canaries", type("Long"));
    secrets.set("kinds", set(string()));
    var counters = record(context, "counters");
    counters.set("task", type("Long"));
    counters.set("tool", type("Long"));
    counters.set("tools", type("Long"));
    counters.set("items", type("Long"));
    counters.set("bytes", type("Long"));
    counters.set("minute", type("Long"));
    counters.set("identityMinute", type("Long"));
    counters.set("asks", type("Long"));
    counters.set("tokens", type("Long"));
    counters.set("costMicros", type("Long"));
    counters.set("identityAsksMinute", type("Long"));
    return context;
  }

  private static ObjectNode itemContext() {
    var context = commonContext();
    context.set("item", string());
    return context;
  }

  private static ObjectNode askContext() {
    var context = itemContext();
    context.set("arguments", Asking.ARGUMENTS.schema());
    context.set("argumentsComplete", type("Boolean"));
    return context;
  }

  private static void toolAction(ObjectNode actions, Tool tool) {
    var context = commonContext();
    context.set("arguments", JsonSchema.arguments(tool.inputSchema()).schema());
    context.set("argumentsComplete", type("Boolean"));
    context.set("amount", type("Long").put("required", false));
    toolFacts(record(context, "tool"));
    var action = action(actions, tool.name().toString(), "Tool", context);
    action.putArray("memberOf").addObject().put("id", Action.CALL.word());
  }

  private static ObjectNode action(
      ObjectNode actions, String name, String resourceType, ObjectNode context) {
    var action = actions.putObject(name);
    var appliesTo = action.putObject("appliesTo");
    appliesTo.putArray("principalTypes").add("Identity");
    appliesTo.putArray("resourceTypes").add(resourceType);
    appliesTo.putObject("context").put("type", "Record").set("attributes", context);
    return action;
  }

  private static ObjectNode shape(ObjectNode entityType) {
    return record(entityType, "shape");
  }

  private static ObjectNode record(ObjectNode in, String name) {
    return in.putObject(name).put("type", "Record").putObject("attributes");
  }

  private static ObjectNode string() {
    return type("String");
  }

  private static ObjectNode datetime() {
    return type("Extension").put("name", "datetime");
  }

  private static ObjectNode entity(String name) {
    return type("Entity").put("name", name);
  }

  private static ObjectNode set(ObjectNode element) {
    var set = type("Set");
    set.set("element", element);
    return set;
  }

  private static ObjectNode type(String name) {
    return JSON.createObjectNode().put("type", name);
  }
}
