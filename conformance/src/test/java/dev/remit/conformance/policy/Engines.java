package dev.remit.conformance.policy;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.Value;
import dev.remit.kernel.policy.Combination;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.PolicySet;
import dev.remit.kernel.policy.Request;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One policy set in both engines, over the entities of [RandomPolicies].
final class Engines {
  private static final dev.remit.kernel.policy.Entities OUR_ENTITIES =
      Cedar.entities(Cedar.JSON.readTree(RandomPolicies.ENTITIES));
  private static final Entities CEDAR_ENTITIES = parsed();

  private final com.cedarpolicy.model.policy.PolicySet cedar;
  private final PolicySet compiled;

  Engines(String text) {
    cedar = Cedar.parsed(text);
    compiled = Cedar.compiled(cedar);
  }

  /// Lets cedar-java keep the parsed policies, which pays for many requests. Its cache is one for
  /// the process and finite: whoever tries thousands of sets does without.
  Engines cached() {
    try {
      cedar.cache();
      return this;
    } catch (com.cedarpolicy.model.exception.CacheException e) {
      throw new IllegalArgumentException("cedar does not take the policies", e);
    }
  }

  record Answer(String decision, Set<String> because, Set<String> errors) {}

  Answer ours(Request request) {
    var decision = compiled.decide(request, OUR_ENTITIES, Combination.CEDAR);
    return new Answer(
        decision.word(),
        decision.because().stream().map(Object::toString).collect(Collectors.toSet()),
        decision.errors().stream().map(e -> e.policy().value()).collect(Collectors.toSet()));
  }

  Answer theirs(Request request, Map<String, Value> context) {
    var asked =
        new AuthorizationRequest(
            uid(request.principal()), uid(request.action()), uid(request.resource()), context);
    try {
      var answer =
          new BasicAuthorizationEngine()
              .isAuthorized(asked, cedar, CEDAR_ENTITIES)
              .success
              .orElseThrow();
      var errors = new TreeSet<String>();
      answer.getErrors().forEach(error -> errors.add(error.getPolicyId()));
      return new Answer(
          answer.isAllowed() ? "allow" : "deny", Set.copyOf(answer.getReason()), errors);
    } catch (AuthException e) {
      throw new IllegalStateException("cedar could not be asked", e);
    }
  }

  static EntityUID uid(EntityUid uid) {
    return EntityTypeName.parse(uid.type()).orElseThrow().of(uid.id());
  }

  private static Entities parsed() {
    try {
      return Entities.parse(RandomPolicies.ENTITIES);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("cedar does not read the entities", e);
    }
  }
}
