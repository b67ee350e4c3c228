package dev.remit.conformance.policy;

import com.cedarpolicy.model.exception.InternalException;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Value;
import dev.remit.kernel.policy.ValueJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns Cedar text, through cedar-java's parser, into what the kernel evaluates.
final class Cedar {
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(2_000).build())
                  .build())
          .build();

  private Cedar() {}

  /// Compiles the static policies and the linked templates of `text`.
  static PolicySet compiled(com.cedarpolicy.model.policy.PolicySet parsed) {
    var json = JSON.readTree(json(parsed));
    var policies = new ArrayList<Policy>();
    json.path("staticPolicies")
        .properties()
        .forEach(
            policy -> policies.add(Policy.of(new PolicyId(policy.getKey()), policy.getValue())));
    for (var link : json.path("templateLinks")) {
      var slots = new HashMap<String, EntityUid>();
      link.path("values")
          .properties()
          .forEach(value -> slots.put(value.getKey(), uid(value.getValue())));
      var template = json.path("templates").path(link.path("templateId").asString());
      policies.add(Policy.link(new PolicyId(link.path("newId").asString()), template, slots));
    }
    return new PolicySet(policies);
  }

  static com.cedarpolicy.model.policy.PolicySet parsed(String text) {
    try {
      return com.cedarpolicy.model.policy.PolicySet.parsePolicies(text);
    } catch (InternalException e) {
      throw new IllegalArgumentException("cedar does not parse the policies", e);
    }
  }

  private static String json(com.cedarpolicy.model.policy.PolicySet parsed) {
    try {
      return parsed.toJson();
    } catch (InternalException | com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException("cedar does not write the policies as JSON", e);
    }
  }

  static Entities entities(JsonNode array) {
    var declared = new ArrayList<Entities.Declared>();
    for (var entity : array) {
      var parents = new HashSet<EntityUid>();
      entity.path("parents").forEach(parent -> parents.add(uid(parent)));
      declared.add(
          new Entities.Declared(
              uid(entity.path("uid")),
              members(entity.path("attrs")),
              members(entity.path("tags")),
              parents));
    }
    return Entities.of(declared);
  }

  static Value.Members members(JsonNode object) {
    return object.isMissingNode() ? Value.Members.EMPTY : (Value.Members) ValueJson.read(object);
  }

  static EntityUid uid(JsonNode json) {
    var plain = json.has("__entity") ? json.get("__entity") : json;
    return new EntityUid(plain.path("type").asString(), plain.path("id").asString());
  }
}
