package dev.remit.server.decisions;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Value;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Workflow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What is registered, as policies see it: entities, and the parts of the context that do not
/// depend on the call. Made once per version of the registry.
final class World {
  static final Value.Members.Shape TOOL_SHAPE =
      Value.Members.shape("effects", "dataClasses", "environment");

  private final Map<EntityUid, Entities.Declared> declared = new HashMap<>();
  private final Entities entities;
  private final Map<IdentityName, AboutIdentity> identities = new HashMap<>();
  private final Map<ToolName, AboutTool> tools = new HashMap<>();
  private final Map<ResourceName, Value> environments = new HashMap<>();

  /// The facts of one identity.
  record AboutIdentity(EntityUid uid, Value autonomy, Value stage) {}

  /// The facts of one tool.
  record AboutTool(
      EntityUid uid,
      EntityUid action,
      Value.Members facts,
      Value environment,
      ArgumentType.RecordOf arguments) {}

  World(Registered registered) {
    var workflows = new HashMap<String, Value>();
    for (var person : registered.people()) {
      declare(Names.of(person.name()), Map.of("roles", words(person.roles())), Set.of());
    }
    for (var workflow : registered.workflows()) {
      workflows.put(workflow.name().value(), new Value.Text(workflow.stage().word()));
      declare(workflow);
    }
    for (var resource : registered.resources()) {
      var environment = new Value.Text(resource.environment().word());
      environments.put(resource.name(), environment);
      declare(Names.of(resource.name()), Map.of("environment", environment), Set.of());
    }
    for (var identity : registered.identities()) {
      var stage = workflows.getOrDefault(identity.workflow().value(), new Value.Text("unknown"));
      declare(identity, stage);
    }
    registered.tools().forEach(this::declare);
    declareActions(registered);
    entities = Entities.of(declared.values());
  }

  Entities entities() {
    return entities;
  }

  Collection<Entities.Declared> declared() {
    return declared.values();
  }

  Optional<Entities.Declared> declared(EntityUid uid) {
    return Optional.ofNullable(declared.get(uid));
  }

  Optional<AboutIdentity> identity(IdentityName name) {
    return Optional.ofNullable(identities.get(name));
  }

  Optional<AboutTool> tool(ToolName name) {
    return Optional.ofNullable(tools.get(name));
  }

  Optional<Value> environment(ResourceName name) {
    return Optional.ofNullable(environments.get(name));
  }

  List<AboutTool> tools() {
    return tools.values().stream().sorted((a, b) -> a.uid.compareTo(b.uid)).toList();
  }

  List<AboutIdentity> identities() {
    return identities.values().stream().sorted((a, b) -> a.uid.compareTo(b.uid)).toList();
  }

  List<ResourceName> resources() {
    return environments.keySet().stream().sorted().toList();
  }

  private void declare(EntityUid uid, Map<String, Value> attributes, Set<EntityUid> parents) {
    declared.put(uid, new Entities.Declared(uid, Value.Members.of(attributes), parents));
  }

  private void declare(Workflow workflow) {
    declare(
        Names.of(workflow.name()),
        Map.of(
            "owner",
            new Value.Entity(Names.of(workflow.owner())),
            "stage",
            new Value.Text(workflow.stage().word()),
            "intents",
            all(workflow.intents(), Value.Text::new),
            "dataClasses",
            dataClasses(workflow.dataClasses())),
        Set.of());
  }

  private void declare(Identity identity, Value stage) {
    var uid = Names.of(identity.name());
    var workflow = Names.of(identity.workflow());
    var autonomy = new Value.Text(identity.autonomy().word());
    declare(
        uid,
        Map.of(
            "kind", new Value.Text(identity.identityKind().word()),
            "autonomy", autonomy,
            "workflow", new Value.Entity(workflow)),
        Set.of(workflow));
    identities.put(identity.name(), new AboutIdentity(uid, autonomy, stage));
  }

  private void declare(Tool tool) {
    var uid = Names.of(tool.name());
    var environment = environments.getOrDefault(tool.name().resource(), new Value.Text("unknown"));
    var facts = TOOL_SHAPE.of(words(tool.effects()), dataClasses(tool.dataClasses()), environment);
    declared.put(uid, new Entities.Declared(uid, facts, Set.of(Names.of(tool.name().resource()))));
    tools.put(
        tool.name(),
        new AboutTool(
            uid,
            Names.call(tool.name()),
            facts,
            environment,
            JsonSchema.arguments(tool.inputSchema())));
  }

  private void declareActions(Registered registered) {
    var call = Names.of(Action.CALL);
    for (var action : Action.values()) {
      declare(Names.of(action), Map.of(), Set.of());
    }
    for (var tool : registered.tools()) {
      declare(Names.call(tool.name()), Map.of(), Set.of(call));
    }
    var classes = new HashSet<String>();
    registered.workflows().forEach(workflow -> classes.addAll(workflow.dataClasses()));
    registered.tools().forEach(tool -> classes.addAll(tool.dataClasses()));
    classes.forEach(name -> declare(Names.dataClass(name), Map.of(), Set.of()));
  }

  static Value dataClasses(Set<String> names) {
    return all(names, name -> new Value.Entity(Names.dataClass(name)));
  }

  private static Value words(Set<? extends Word> words) {
    return all(words, word -> new Value.Text(word.word()));
  }

  private static <T> Value all(Set<T> from, Function<T, Value> value) {
    var values = new ArrayList<Value>(from.size());
    from.forEach(each -> values.add(value.apply(each)));
    return Value.Several.of(values);
  }
}
