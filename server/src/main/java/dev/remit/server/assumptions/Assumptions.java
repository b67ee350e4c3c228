package dev.remit.server.assumptions;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.canonical.Digest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// All that one approval rests on.
///
/// @param all each once, in the order of their canonical JSON; may be empty
public record Assumptions(List<Assumption> all) {
  public static final Assumptions NONE = new Assumptions(List.of());

  public Assumptions {
    all =
        all.stream()
            .distinct()
            .sorted(Comparator.comparing(one -> CanonicalJson.text(one.json())))
            .toList();
  }

  public static Assumptions of(Assumption... all) {
    return new Assumptions(List.of(all));
  }

  /// Reads what [#json] has written.
  ///
  /// @throws IllegalArgumentException if it holds one of a kind that is not known here
  public static Assumptions read(JsonNode json) {
    return new Assumptions(json.valueStream().map(AssumptionJson::read).toList());
  }

  /// These and others.
  public Assumptions and(List<? extends Assumption> others) {
    return new Assumptions(Stream.concat(all.stream(), others.stream()).toList());
  }

  /// Returns the first that no longer holds.
  public Optional<Broken> brokenIn(Present now) {
    return all.stream().flatMap(one -> one.brokenIn(now).stream()).findFirst();
  }

  /// Returns every one that no longer holds.
  public List<Broken> allBrokenIn(Present now) {
    return all.stream().flatMap(one -> one.brokenIn(now).stream()).toList();
  }

  public ArrayNode json() {
    var json = JsonMapper.shared().createArrayNode();
    all.forEach(one -> json.add(one.json()));
    return json;
  }

  /// Returns the digest of their canonical JSON.
  public Digest digest() {
    return CanonicalJson.digest(json());
  }
}
