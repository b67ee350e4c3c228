package dev.remit.server.assumptions;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import dev.remit.kernel.identity.PersonName;
import dev.remit.server.registry.Grant;
import dev.remit.server.registry.Identity;
import dev.remit.server.registry.Registered;
import dev.remit.server.registry.UriPattern;
import dev.remit.server.registry.Workflow;
import java.util.Collection;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Digests of what is reached. Each is that of the canonical JSON of everything named here, so the
/// order in which somebody has written a manifest changes none of them.
public final class ReachDigest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ReachDigest() {}

  /// Whom a grant is for, and what of which resource it allows how often. Not who approved it or
  /// until when.
  public static Digest of(Grant grant) {
    return CanonicalJson.digest(json(grant));
  }

  /// Everything declared of a workflow but its stage, its pilot's end and its owner.
  public static Digest of(Workflow workflow) {
    var json = JSON.createObjectNode();
    json.put("name", workflow.name().value())
        .put("purpose", workflow.purpose())
        .put("escalation", workflow.escalation())
        .put("retention", workflow.retention().toString())
        .put("timeZone", workflow.timeZone().getId());
    workflow.sponsor().map(PersonName::value).ifPresent(name -> json.put("sponsor", name));
    put(json, "dataClasses", workflow.dataClasses().stream());
    put(json, "intents", workflow.intents().stream());
    return CanonicalJson.digest(json);
  }

  /// All that an identity can come to reach: its autonomy, to whom it delegates, its grants, and
  /// for each the server behind its resource, the environment, and the tools that it names.
  public static Digest of(Identity identity, Registered declared) {
    var json = JSON.createObjectNode();
    json.put("identity", identity.name().value())
        .put("workflow", identity.workflow().value())
        .put("kind", identity.identityKind().word())
        .put("autonomy", identity.autonomy().word());
    put(json, "delegatesTo", identity.delegatesTo().stream().map(name -> name.value()));
    put(
        json,
        "grants",
        declared.grants(identity.name()).stream()
            .map(grant -> CanonicalJson.text(reached(grant, declared))));
    return CanonicalJson.digest(json);
  }

  private static ObjectNode reached(Grant grant, Registered declared) {
    var json = json(grant);
    declared
        .resource(grant.resource())
        .ifPresent(resource ->
            json.put("environment", resource.environment().word())
                .put("server", resource.upstream().digest().value()));
    put(
        json,
        "defined",
        declared.tools(grant.resource()).stream()
            .filter(grant::names)
            .map(tool -> CanonicalJson.text(Assumption.ToolIs.of(tool).json())));
    return json;
  }

  private static ObjectNode json(Grant grant) {
    var json = JSON.createObjectNode();
    json.put("grant", grant.name().value())
        .put("identity", grant.identity().value())
        .put("resource", grant.resource().value())
        .put("callsPerTask", grant.callsPerTaskMax());
    switch (grant.tools()) {
      case Grant.Tools.EveryPinned() -> json.put("everyTool", true);
      case Grant.Tools.Named(var names) -> put(json, "tools", names);
    }
    put(json, "prompts", grant.prompts());
    put(json, "reads", grant.reads().stream().map(UriPattern::value));
    put(json, "asks", grant.asks());
    put(json, "profiles", grant.profiles());
    put(json, "dataClasses", grant.dataClasses());
    return json;
  }

  private static void put(ObjectNode json, String member, Collection<String> values) {
    put(json, member, values.stream());
  }

  private static void put(ObjectNode json, String member, Stream<String> values) {
    ArrayNode sorted = json.putArray(member);
    values.sorted().forEach(sorted::add);
  }
}
