package dev.remit.server.decisions;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.EntityUID;
import dev.remit.kernel.policy.Entities;
import dev.remit.kernel.policy.EntityUid;
import dev.remit.kernel.policy.Findings;
import dev.remit.kernel.policy.Findings.Answer;
import dev.remit.kernel.policy.Policy;
import dev.remit.kernel.policy.PolicyId;
import dev.remit.kernel.policy.Request;
import dev.remit.kernel.policy.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The same policies, evaluated by cedar-java: the oracle of the differential gate, and the engine
/// that decides when it is configured to.
final class CedarEngine {
  private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
  private final com.cedarpolicy.model.policy.PolicySet cedar;
  private final List<Policy> policies;
  private final Function<EntityUid, Optional<Entities.Declared>> world;
  private final Set<EntityUid> mentioned = new HashSet<>();

  CedarEngine(
      com.cedarpolicy.model.policy.PolicySet cedar,
      List<Policy> policies,
      Function<EntityUid, Optional<Entities.Declared>> world) {
    this.cedar = cedar;
    this.policies = policies;
    this.world = world;
    for (var policy : policies) {
      for (var constant : policy.constants()) {
        if (constant instanceof Value.Entity(var uid)) {
          mentioned.add(uid);
        }
      }
    }
  }

  /// Lets cedar-java keep the parsed policies, without which each request parses them again.
  void prepare() {
    DeepStack.run(() -> {
      try {
        cedar.cache();
      } catch (com.cedarpolicy.model.exception.CacheException e) {
        throw new CedarUnavailable("cedar could not keep the policies: " + e.getMessage());
      }
    });
  }

  /// Returns the same for some of the policies and some of the entities.
  CedarEngine only(List<Policy> some, List<Entities.Declared> entities) {
    var ids = new HashSet<String>();
    some.forEach(policy -> ids.add(policy.id().value()));
    var fewer = new LinkedHashSet<com.cedarpolicy.model.policy.Policy>();
    cedar.policies.stream().filter(policy -> ids.contains(policy.getID())).forEach(fewer::add);
    var declared = new HashMap<EntityUid, Entities.Declared>();
    entities.forEach(each -> declared.put(each.uid(), each));
    return new CedarEngine(
        new com.cedarpolicy.model.policy.PolicySet(fewer),
        some,
        uid -> Optional.ofNullable(declared.get(uid)));
  }

  /// Returns what Cedar's answer says of each policy. Cedar names the policies that decided and
  /// those that failed, which is all that any [dev.remit.kernel.policy.Combination] looks at.
  ///
  /// @throws CedarUnavailable if there is no answer, or `request` holds what Cedar cannot be told
  Findings evaluate(Request request) {
    try {
      var response = engine.isAuthorized(cedar(request), cedar, slice(request));
      return findings(
          response.success.orElseThrow(
              () -> new CedarUnavailable("cedar refused the request: " + problems(response))));
    } catch (AuthException e) {
      throw new CedarUnavailable("cedar could not be asked: " + e.getMessage());
    }
  }

  private static String problems(AuthorizationResponse response) {
    return response
        .errors
        .map(errors -> errors.stream().map(error -> error.message).toList().toString())
        .orElse("no reason given");
  }

  private Findings findings(com.cedarpolicy.model.AuthorizationSuccessResponse response) {
    var reasons = new HashSet<PolicyId>();
    response.getReason().forEach(id -> reasons.add(new PolicyId(id)));
    var failed = new HashSet<PolicyId>();
    response.getErrors().forEach(error -> failed.add(new PolicyId(error.getPolicyId())));
    var answers = new ArrayList<Answer>();
    for (var policy : policies) {
      if (reasons.contains(policy.id())) {
        answers.add(new Answer.Satisfied(policy));
      } else if (failed.contains(policy.id())) {
        answers.add(new Answer.Failed(policy, "cannot be evaluated on this request"));
      }
    }
    return new Findings(answers);
  }

  private static AuthorizationRequest cedar(Request request) {
    var context = new HashMap<String, com.cedarpolicy.value.Value>();
    for (int i = 0; i < request.context().size(); i++) {
      context.put(request.context().name(i), CedarValues.of(request.context().get(i)));
    }
    return new AuthorizationRequest(
        CedarValues.of(request.principal()),
        CedarValues.of(request.action()),
        CedarValues.of(request.resource()),
        context);
  }

  private Set<Entity> slice(Request request) {
    var slice = new HashSet<Entity>();
    relevant(request).forEach(declared -> slice.add(cedar(declared)));
    return slice;
  }

  /// Returns the entities that can make a difference: those that the request and the policies name,
  /// all that they refer to, and all above them.
  List<Entities.Declared> relevant(Request request) {
    var open = new ArrayList<EntityUid>(mentioned);
    open.add(request.principal());
    open.add(request.action());
    open.add(request.resource());
    var found = new LinkedHashMap<EntityUid, Entities.Declared>();
    while (!open.isEmpty()) {
      var uid = open.removeLast();
      var declared = world.apply(uid);
      if (declared.isPresent() && !found.containsKey(uid)) {
        found.put(uid, declared.get());
        open.addAll(declared.get().parents());
        collect(declared.get().attributes(), open);
      }
    }
    return List.copyOf(found.values());
  }

  private static void collect(Value.Members members, List<EntityUid> into) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i) instanceof Value.Entity(var uid)) {
        into.add(uid);
      }
    }
  }

  private static Entity cedar(Entities.Declared declared) {
    Map<String, com.cedarpolicy.value.Value> attributes = new CedarMap();
    for (int i = 0; i < declared.attributes().size(); i++) {
      attributes.put(declared.attributes().name(i), CedarValues.of(declared.attributes().get(i)));
    }
    var parents = new HashSet<EntityUID>();
    declared.parents().forEach(parent -> parents.add(CedarValues.of(parent)));
    return new Entity(CedarValues.of(declared.uid()), attributes, parents);
  }
}
