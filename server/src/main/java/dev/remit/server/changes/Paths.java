package dev.remit.server.changes;

import dev.remit.kernel.identity.Effect;
import dev.remit.kernel.identity.Environment;
import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.Kind;
import dev.remit.server.registry.Ref;
import dev.remit.server.risk.AccessPath;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads back what an assessment said could be touched.
final class Paths {
  private Paths() {}

  static List<AccessPath> after(Optional<ObjectNode> assessment) {
    return assessment.stream()
        .flatMap(json -> json.path("access").path("after").valueStream())
        .map(Paths::path)
        .toList();
  }

  private static AccessPath path(JsonNode one) {
    return new AccessPath(
        new Ref(Kind.GRANT, one.path("grant").asString("")),
        thing(one.path("thing").asString("")),
        one.path("effects")
            .valueStream()
            .map(word -> Word.parse(Effect.class, word.stringValue()))
            .collect(Collectors.toUnmodifiableSet()),
        one.path("dataClasses")
            .valueStream()
            .map(JsonNode::stringValue)
            .collect(Collectors.toUnmodifiableSet()),
        Word.parse(Environment.class, one.path("environment").asString("")));
  }

  private static Ref thing(String said) {
    int at = said.indexOf('/');
    var kind = said.substring(0, at).equals(Kind.TOOL.noun()) ? Kind.TOOL : Kind.RESOURCE;
    return new Ref(kind, said.substring(at + 1));
  }
}
