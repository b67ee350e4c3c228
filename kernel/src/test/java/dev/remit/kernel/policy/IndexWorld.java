package dev.remit.kernel.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/// Random policies of every form of scope over a small random hierarchy.
final class IndexWorld {
  private static final int ENTITIES = 8;

  private final Random random;
  private final List<Policy> policies = new ArrayList<>();
  private final Entities entities;

  IndexWorld(Random random) {
    this.random = random;
    var declared = new ArrayList<Entities.Declared>();
    for (int i = 0; i < ENTITIES; i++) {
      var parents = new HashSet<EntityUid>();
      for (int p = random.nextInt(3); p > 0; p--) {
        parents.add(uid(random.nextInt(ENTITIES)));
      }
      declared.add(new Entities.Declared(uid(i), Value.Members.EMPTY, parents));
    }
    entities = Entities.of(declared);
    for (int i = 0; i < 12; i++) {
      policies.add(policy(i));
    }
  }

  List<Policy> policies() {
    return policies;
  }

  Entities entities() {
    return entities;
  }

  Request request() {
    return new Request(any(), any(), any(), Value.Members.EMPTY);
  }

  private EntityUid any() {
    return uid(random.nextInt(ENTITIES + 1));
  }

  private static EntityUid uid(int i) {
    return new EntityUid(i % 2 == 0 ? "Even" : "Odd", "e" + i);
  }

  private Policy policy(int i) {
    var text =
        "{'effect':'permit','principal':%s,'action':%s,'resource':%s,'conditions':[]}"
            .formatted(scope(true), scope(false), scope(true));
    return Policy.of(new PolicyId("p" + i), JsonMapper.shared().readTree(text.replace('\'', '"')));
  }

  private String scope(boolean types) {
    return switch (random.nextInt(types ? 5 : 4)) {
      case 0 -> "{'op':'All'}";
      case 1 -> "{'op':'==','entity':" + json() + "}";
      case 2 -> types ? "{'op':'in','entity':" + json() + "}" : several();
      case 3 -> types ? "{'op':'is','entity_type':'Even'}" : several();
      default -> "{'op':'is','entity_type':'Odd','in':{'entity':" + json() + "}}";
    };
  }

  private String several() {
    return "{'op':'in','entities':[" + json() + "," + json() + "]}";
  }

  private String json() {
    var uid = any();
    return "{'type':'" + uid.type() + "','id':'" + uid.id() + "'}";
  }
}
