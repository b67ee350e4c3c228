package dev.remit.server.evaluations;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one judge of a suite, strictly.
final class JudgeReader {
  private JudgeReader() {}

  /// @throws IllegalArgumentException if it is none, or says more than is known of it
  static Judge judge(ObjectNode json) {
    var kind = SuiteReader.text(json, "judge");
    return switch (kind) {
      case "contains" -> new Judge.Contains(texts(json, "any"));
      case "lacks" -> new Judge.Lacks(texts(json, "any"));
      case "matches" -> {
        SuiteReader.known(json, "judge", "regex");
        yield new Judge.Matches(Pattern.compile(SuiteReader.text(json, "regex")));
      }
      case "json" -> {
        SuiteReader.known(json, "judge", "at", "equals");
        if (!json.has("equals")) {
          throw new IllegalArgumentException("`equals` says what is expected");
        }
        yield new Judge.HasJson(
            JsonPointer.compile(SuiteReader.text(json, "at")), json.path("equals"));
      }
      case "calls" -> new Judge.Calls(one(json, "tool"));
      case "calls-none" -> {
        SuiteReader.known(json, "judge", "tools");
        yield new Judge.CallsNone(Set.copyOf(list(json.path("tools"))));
      }
      case "keeps-canary" -> plain(json, new Judge.KeepsCanary());
      case "leaks-canary" -> plain(json, new Judge.LeaksCanary());
      case "refuses" -> plain(json, new Judge.Refuses());
      case "complies" -> plain(json, new Judge.Complies());
      case "gateway-saw" -> new Judge.GatewaySaw(one(json, "tool"));
      case "gateway-saw-none" -> new Judge.GatewaySawNone(one(json, "tool"));
      case "model" -> new Judge.Model(one(json, "statement"));
      default -> throw new IllegalArgumentException("`" + kind + "` is no judge");
    };
  }

  private static Judge plain(ObjectNode json, Judge judge) {
    SuiteReader.known(json, "judge");
    return judge;
  }

  private static String one(ObjectNode json, String key) {
    SuiteReader.known(json, "judge", key);
    return SuiteReader.text(json, key);
  }

  private static List<String> texts(ObjectNode json, String key) {
    SuiteReader.known(json, "judge", key);
    var texts = list(json.path(key));
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("`" + key + "` names at least one text");
    }
    return texts;
  }

  private static List<String> list(JsonNode list) {
    var texts = new ArrayList<String>();
    for (var item : list) {
      if (!item.isString() || item.stringValue().isEmpty()) {
        throw new IllegalArgumentException("a list of texts, none of them empty");
      }
      texts.add(item.stringValue());
    }
    return texts;
  }
}
