package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.comparison.Axis;
import dev.remit.server.evaluations.Judging.Outcome;
import dev.remit.server.evaluations.Plan.PlannedSuite;
import dev.remit.server.evaluations.Trial.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// Results of somebody else's tool, in our terms: whole, or refused.
///
/// @param tool its name and version
/// @param repeats how often each version answered each case, the same for all
record Imported(String tool, List<Result> results, int repeats) {

  Imported {
    results = List.copyOf(results);
  }

  /// One answer.
  ///
  /// @param group what belongs together there: a plugin, a probe, a task
  record Result(
      Side side, String group, Axis axis, String caseId, int repeat, Outcome outcome, String text) {

    /// Its suite here: tool and group.
    String suite(String tool) {
      return plain(tool.substring(0, tool.indexOf(' ')) + "-" + group);
    }
  }

  /// Checks that there is something, and that each case was answered by both versions alike.
  ///
  /// @param sides which versions there must be
  /// @throws UnreadableSuite if anything is missing
  static Imported whole(String tool, List<Result> results, List<Side> sides) {
    if (results.isEmpty()) {
      throw new UnreadableSuite("there is no result in it; nothing was tested");
    }
    var counts = new TreeMap<String, Integer>();
    var cases = new TreeSet<String>();
    for (var result : results) {
      var pair = result.suite(tool) + "/" + plain(result.caseId());
      cases.add(pair);
      var key = pair + "/" + result.side().word();
      if (counts.merge(key, 1, Integer::sum) != result.repeat()) {
        throw new UnreadableSuite("`" + key + "` comes twice, or not in order");
      }
    }
    int repeats = counts.firstEntry().getValue();
    for (var pair : cases) {
      for (var side : sides) {
        int count = counts.getOrDefault(pair + "/" + side.word(), 0);
        if (count != repeats) {
          throw new UnreadableSuite(
              "`%s` has %d answers of the %s, others have %d: a pair is missing"
                  .formatted(pair, count, side.word(), repeats));
        }
      }
    }
    return new Imported(tool, results, repeats);
  }

  /// The suites that it amounts to, each with a digest of its cases and their tool.
  List<PlannedSuite> suites() {
    var cases = new TreeMap<String, TreeSet<String>>();
    var axes = new HashMap<String, Axis>();
    for (var result : results) {
      cases.computeIfAbsent(result.suite(tool), _ -> new TreeSet<>()).add(result.caseId());
      axes.put(result.suite(tool), result.axis());
    }
    var suites = new ArrayList<PlannedSuite>();
    cases.forEach((name, ids) -> {
      var json = JsonMapper.shared().createObjectNode().put("tool", tool);
      var list = json.putArray("cases");
      ids.forEach(list::add);
      var version = tool.substring(tool.indexOf(' ') + 1);
      suites.add(
          new PlannedSuite(
              name,
              version,
              Objects.requireNonNull(axes.get(name)),
              CanonicalJson.digest(json),
              ids.size()));
    });
    return suites;
  }

  /// Free of what would not be a name here.
  static String plain(String text) {
    var plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]+", "-");
    return plain.length() <= 60 ? plain : plain.substring(0, 60);
  }
}
