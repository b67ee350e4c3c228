package dev.remit.conformance.bench.policy;

import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.DateTime;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// What is measured: a tenth of the policies guard everything, the rest permit one agent one tool
/// under a condition on its arguments. Each request is allowed, after every guard was evaluated.
final class Scene {
  private static final Value.Members.Shape CONTEXT =
      Value.Members.shape("task", "touched", "arguments", "time", "approved", "risk", "stage");
  private static final Value.Members.Shape TASK = Value.Members.shape("intent", "callsSoFar");
  private static final Value.Members.Shape ARGUMENTS = Value.Members.shape("path", "limit");

  private final int agents;
  private final PolicySet policies;
  private final Entities entities;
  private final com.cedarpolicy.model.policy.PolicySet cedarPolicies;
  private final List<Set<Entity>> cedarEntities = new ArrayList<>();

  Scene(int size) {
    this(size, 0);
  }

  /// @param bystanders identities and tools beside those that the policies name
  Scene(int size, int bystanders) {
    int guards = Math.max(1, size / 10);
    agents = size - guards;
    cedarPolicies = parsed(text(guards));
    policies = compiled(cedarPolicies);
    entities = Entities.of(declared(agents + bystanders));
    for (int i = 0; i < agents; i++) {
      cedarEntities.add(cedarEntities(i));
    }
  }

  private String text(int guards) {
    var text = new StringBuilder();
    for (int i = 0; i < guards; i++) {
      text.append(
              "forbid (principal, action in Action::\"call\", resource) when {"
                  + " resource.effects.contains(\"destructive\") && context.risk > ")
          .append(i)
          .append(" } unless { context.approved };\n");
    }
    for (int i = 0; i < agents; i++) {
      text.append(
          "permit (principal == Identity::\"a%1$d\", action in Action::\"call\", resource =="
              .formatted(i));
      text.append(
          (" Tool::\"t%1$d\") when { context.task.intent == \"read\" && context.arguments.path"
                  + " like \"/data/%1$d/*\" && context.arguments.limit <= 100 };\n")
              .formatted(i));
    }
    return text.toString();
  }

  PolicySet policies() {
    return policies;
  }

  Entities entities() {
    return entities;
  }

  com.cedarpolicy.model.policy.PolicySet cedarPolicies() {
    return cedarPolicies;
  }

  /// The entities that request `i` needs, and no others: the least that cedar-java can be given.
  Set<Entity> cedarEntities() {
    return cedarEntities.get(last);
  }

  private int last;

  /// Builds request `i` as the server does, from facts in memory.
  Request request(int i) {
    int agent = i % agents;
    var context =
        CONTEXT.of(
            TASK.of(new Value.Text("read"), new Value.Whole(i)),
            Value.Several.of(List.of(new Value.Entity(new EntityUid("DataClass", "internal")))),
            ARGUMENTS.of(new Value.Text("/data/" + agent + "/file.txt"), new Value.Whole(10)),
            new Value.Moment(1_790_000_000_000L),
            Value.Bool.FALSE,
            new Value.Whole(5),
            new Value.Text("production"));
    return new Request(
        new EntityUid("Identity", "a" + agent),
        new EntityUid("Action", "call"),
        new EntityUid("Tool", "t" + agent),
        context);
  }

  AuthorizationRequest cedarRequest(int i) {
    int agent = i % agents;
    last = agent;
    var task = new CedarMap();
    task.put("intent", new PrimString("read"));
    task.put("callsSoFar", new PrimLong(i));
    var arguments = new CedarMap();
    arguments.put("path", new PrimString("/data/" + agent + "/file.txt"));
    arguments.put("limit", new PrimLong(10));
    var touched = new CedarList();
    touched.add(uid("DataClass", "internal"));
    Map<String, com.cedarpolicy.value.Value> context =
        Map.of(
            "task", task,
            "touched", touched,
            "arguments", arguments,
            "time", new DateTime("2026-09-21T13:33:20.000Z"),
            "approved", new PrimBool(false),
            "risk", new PrimLong(5),
            "stage", new PrimString("production"));
    return new AuthorizationRequest(
        uid("Identity", "a" + agent), uid("Action", "call"), uid("Tool", "t" + agent), context);
  }

  private List<Entities.Declared> declared(int count) {
    var all = new ArrayList<Entities.Declared>();
    var files = new EntityUid("Resource", "files");
    var workflow = new EntityUid("Workflow", "w");
    var effects = Value.Several.of(List.of(new Value.Text("read")));
    for (int i = 0; i < count; i++) {
      all.add(
          new Entities.Declared(
              new EntityUid("Identity", "a" + i), Value.Members.EMPTY, Set.of(workflow)));
      all.add(
          new Entities.Declared(
              new EntityUid("Tool", "t" + i),
              Value.Members.of(Map.of("effects", effects)),
              Set.of(files)));
    }
    return all;
  }

  private static Set<Entity> cedarEntities(int i) {
    var effects = new CedarList();
    effects.add(new PrimString("read"));
    var attributes = new CedarMap();
    attributes.put("effects", effects);
    var entities = new HashSet<Entity>();
    entities.add(new Entity(uid("Identity", "a" + i), new CedarMap(), parent("Workflow", "w")));
    entities.add(new Entity(uid("Tool", "t" + i), attributes, parent("Resource", "files")));
    return entities;
  }

  private static Set<EntityUID> parent(String type, String id) {
    var parents = new HashSet<EntityUID>();
    parents.add(uid(type, id));
    return parents;
  }

  private static EntityUID uid(String type, String id) {
    return EntityTypeName.parse(type).orElseThrow().of(id);
  }

  private static com.cedarpolicy.model.policy.PolicySet parsed(String text) {
    try {
      var parsed = com.cedarpolicy.model.policy.PolicySet.parsePolicies(text);
      parsed.cache();
      return parsed;
    } catch (InternalException | CacheException e) {
      throw new IllegalStateException("cedar-java does not take the scene's policies", e);
    }
  }

  private static PolicySet compiled(com.cedarpolicy.model.policy.PolicySet parsed) {
    try {
      var policies = new ArrayList<Policy>();
      JsonMapper.shared()
          .readTree(parsed.toJson())
          .path("staticPolicies")
          .properties()
          .forEach(
              policy -> policies.add(Policy.of(new PolicyId(policy.getKey()), policy.getValue())));
      return new PolicySet(policies);
    } catch (InternalException | JsonProcessingException e) {
      throw new IllegalStateException("cedar-java does not write the scene's policies", e);
    }
  }
}
