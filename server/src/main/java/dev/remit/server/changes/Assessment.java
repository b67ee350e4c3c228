package dev.remit.server.changes;

import dev.remit.kernel.change.Axis;
import dev.remit.kernel.change.Difference;
import dev.remit.kernel.identity.GrantName;
import dev.remit.kernel.identity.Word;
import dev.remit.server.registry.Ref;
import dev.remit.server.risk.AccessPath;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a change could do, and from which rows that follows.
///
/// @param points why each axis is touched; none for one that is not
/// @param suspends the grants through which it could, until somebody has approved it
/// @param suites the evaluations that it needs, by name
/// @param before what could be touched until then
/// @param after what can be touched with it
/// @param tighter what ought to be narrower, shorter or more enclosed now
record Assessment(
    Verdict verdict,
    List<Point> points,
    Set<GrantName> suspends,
    List<String> suites,
    List<Difference> differences,
    List<AccessPath> before,
    List<AccessPath> after,
    List<String> tighter) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int DIFFERENCES_MAX = 200;

  /// That one axis is touched.
  ///
  /// @param trigger by which line of the policy
  /// @param rows the grants and tools through which
  record Point(Axis axis, String trigger, String says, List<Ref> rows) {
    Point {
      rows = List.copyOf(rows);
    }
  }

  Assessment {
    points = List.copyOf(points);
    suspends = Set.copyOf(suspends);
    suites = List.copyOf(suites);
    differences = List.copyOf(differences);
    before = List.copyOf(before);
    after = List.copyOf(after);
    tighter = List.copyOf(tighter);
  }

  Set<Axis> axes() {
    var axes = new TreeSet<Axis>();
    points.forEach(point -> axes.add(point.axis()));
    return axes;
  }

  /// What can be touched now and could not before.
  List<AccessPath> added() {
    return after.stream().filter(path -> !before.contains(path)).toList();
  }

  ObjectNode json() {
    var json = JSON.objectNode().put("class", verdict.word());
    axes().forEach(axis -> json.withArray("axes").add(axis.word()));
    var all = json.putArray("points");
    for (var point : points) {
      var one =
          all.addObject()
              .put("axis", point.axis().word())
              .put("trigger", point.trigger())
              .put("says", point.says());
      point.rows().forEach(row -> one.withArray("rows").add(row.toString()));
    }
    var differs = json.putArray("differences");
    differences.stream()
        .limit(DIFFERENCES_MAX)
        .forEach(one ->
            differs
                .addObject()
                .put("part", one.part().word())
                .put("item", one.item())
                .put("direction", one.direction().word())
                .put("before", one.before())
                .put("after", one.after()));
    json.put("differ", differences.size());
    suspends.stream().sorted().forEach(name -> json.withArray("suspends").add(name.value()));
    suites.forEach(suite -> json.withArray("suites").add(suite));
    var paths = json.putObject("access");
    paths.set("before", paths(before));
    paths.set("after", paths(after));
    paths.set("new", paths(added()));
    tighter.forEach(json.putArray("tighter")::add);
    return json;
  }

  private static ArrayNode paths(List<AccessPath> paths) {
    var json = JSON.arrayNode();
    for (var path : paths) {
      var one =
          json.addObject()
              .put("grant", path.grant().name())
              .put("thing", path.thing().toString())
              .put("environment", path.environment().word());
      one.set("effects", words(path.effects().stream().map(Word::word).toList()));
      one.set("dataClasses", words(path.dataClasses()));
    }
    return json;
  }

  private static ArrayNode words(Collection<String> words) {
    var json = JSON.arrayNode();
    new TreeSet<>(words).forEach(json::add);
    return json;
  }
}
