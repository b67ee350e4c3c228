package dev.remit.server.decisions;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.ModelName;
import dev.remit.kernel.identity.ResourceName;
import dev.remit.kernel.identity.ToolName;
import dev.remit.kernel.identity.Word;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Value;
import dev.remit.server.registry.DataClass;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Model;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.Tool;
import dev.remit.server.registry.Workflow;
import dev.remit.server.risk.RiskRules;
import dev.remit.server.risk.Risks;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
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
      Value.Members.shape("effects", "dataClasses", "environment", "sensitivity");
  static final Value.Members.Shape MODEL_SHAPE =
      Value.Members.shape("name", "lifecycle", "fingerprint");

  /// The lifecycle of the model of an identity that declares none.
  static final String NO_MODEL = "undeclared";

  private static final Value UNDECLARED =
      MODEL_SHAPE.of(new Value.Text(""), new Value.Text(NO_MODEL), new Value.Text(""));

  private final Risks risks;
  private final Map<EntityUid, Entities.Declared> declared = new HashMap<>();
  private final Entities entities;
  private final Map<IdentityName, AboutIdentity> identities = new HashMap<>();
  private final Map<ToolName, AboutTool> tools = new HashMap<>();
  private final Map<ModelName, Value> modelsIn = new HashMap<>();
  private final Map<ResourceName, Value> environments = new HashMap<>();
  private final Map<String, Long> sensitivities = new HashMap<>();

  /// The facts of one identity.
  ///
  /// @param zone whose clock its working hours go by
  /// @param risk the score of its workflow
  record AboutIdentity(
      EntityUid uid, Value autonomy, Value stage, Value model, ZoneId zone, Value risk) {}

  /// The facts of one tool.
  ///
  /// @param amount the argument that says how big the transaction is
  record AboutTool(
      EntityUid uid,
      EntityUid action,
      Value.Members facts,
      Value environment,
      Optional<String> amount,
      ArgumentType.RecordOf arguments) {}

  /// As long as no grant has expired, by the rules that hold where nobody has set others.
  World(Registered registered) {
    this(registered, Risks.of(registered, RiskRules.DEFAULT, Instant.EPOCH));
  }

  World(Registered registered, Risks risks) {
    this.risks = risks;
    registered.dataClasses().forEach(one -> sensitivities.put(one.name(), one.sensitivity()));
    for (var person : registered.people()) {
      declare(Names.of(person.name()), Map.of("roles", words(person.roles())), Set.of());
    }
    for (var workflow : registered.workflows()) {
      declare(workflow);
    }
    for (var resource : registered.resources()) {
      var environment = new Value.Text(resource.environment().word());
      environments.put(resource.name(), environment);
      declare(Names.of(resource.name()), Map.of("environment", environment), Set.of());
    }
    var models = new HashMap<ModelName, Value>();
    for (var model : registered.models()) {
      models.put(model.name(), declare(model));
    }
    for (var identity : registered.identities()) {
      declare(identity, registered.workflow(identity.workflow()), models);
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

  /// Where a model answers; empty if there is no such model.
  Optional<Value> environment(ModelName name) {
    return Optional.ofNullable(modelsIn.get(name));
  }

  List<ModelName> models() {
    return modelsIn.keySet().stream().sorted().toList();
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
            "risk",
            new Value.Text(risks.of(workflow.name()).riskClass().word()),
            "intents",
            all(workflow.intents(), Value.Text::new),
            "dataClasses",
            dataClasses(workflow.dataClasses())),
        Set.of());
  }

  private Value declare(Model model) {
    var lifecycle = new Value.Text(model.lifecycle().word());
    var fingerprint = new Value.Text(model.fingerprint().value());
    declare(
        Names.of(model.name()),
        Map.of(
            "provider",
            new Value.Text(model.provider()),
            "lifecycle",
            lifecycle,
            "fingerprint",
            fingerprint),
        model.resource().map(Names::of).map(Set::of).orElse(Set.of()));
    modelsIn.put(
        model.name(), model.resource().map(environments::get).orElse(new Value.Text("unknown")));
    return MODEL_SHAPE.of(new Value.Text(model.name().value()), lifecycle, fingerprint);
  }

  private void declare(Identity identity, Optional<Workflow> served, Map<ModelName, Value> models) {
    var uid = Names.of(identity.name());
    var workflow = Names.of(identity.workflow());
    var autonomy = new Value.Text(identity.autonomy().word());
    var attributes = new HashMap<String, Value>();
    attributes.put("kind", new Value.Text(identity.identityKind().word()));
    attributes.put("autonomy", autonomy);
    attributes.put("risk", new Value.Text(risks.of(identity.name()).riskClass().word()));
    attributes.put("workflow", new Value.Entity(workflow));
    identity.model().ifPresent(name -> attributes.put("model", new Value.Entity(Names.of(name))));
    declare(uid, attributes, Set.of(workflow));
    identities.put(
        identity.name(),
        new AboutIdentity(
            uid,
            autonomy,
            new Value.Text(served.map(it -> it.stage().word()).orElse("unknown")),
            identity.model().map(models::get).orElse(UNDECLARED),
            served.map(Workflow::timeZone).orElse(ZoneOffset.UTC),
            new Value.Whole(risks.of(identity.workflow()).score())));
  }

  private void declare(Tool tool) {
    var uid = Names.of(tool.name());
    var environment = environments.getOrDefault(tool.name().resource(), new Value.Text("unknown"));
    var facts =
        TOOL_SHAPE.of(
            words(tool.effects()),
            dataClasses(tool.dataClasses()),
            environment,
            sensitivity(tool.dataClasses()));
    declared.put(uid, new Entities.Declared(uid, facts, Set.of(Names.of(tool.name().resource()))));
    tools.put(
        tool.name(),
        new AboutTool(
            uid,
            Names.call(tool.name()),
            facts,
            environment,
            tool.amount(),
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
    var classes = new HashSet<>(sensitivities.keySet());
    registered.workflows().forEach(workflow -> classes.addAll(workflow.dataClasses()));
    registered.tools().forEach(tool -> classes.addAll(tool.dataClasses()));
    classes.forEach(name ->
        declare(Names.dataClass(name), Map.of("sensitivity", sensitivity(Set.of(name))), Set.of()));
  }

  /// Returns how sensitive the most sensitive of `classes` is; 0 where there is none.
  Value sensitivity(Set<String> classes) {
    long most = 0;
    for (var name : classes) {
      most = Math.max(most, sensitivities.getOrDefault(name, DataClass.UNKNOWN));
    }
    return new Value.Whole(most);
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
