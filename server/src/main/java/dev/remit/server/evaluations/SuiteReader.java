package dev.remit.server.evaluations;

import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.comparison.Axis;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads a suite strictly: a key that is not known, a case without a judge, or a file without a
/// case is refused, since a test that asks nothing would pass everything.
///
/// Source: `docs/formats/suite.md`.
final class SuiteReader {
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,59}");
  private static final int CASES_MAX = 10_000;
  private static final int TEXT_MAX = 64 * 1024;
  private static final Set<String> ROLES = Set.of("user", "assistant", "tool");

  private SuiteReader() {}

  /// Reads one file.
  ///
  /// @param where the file, for messages
  /// @throws UnreadableSuite if it is not exactly a suite
  static Suite read(String where, byte[] bytes) {
    try {
      return suite(object(where, STRICT.readTree(bytes)));
    } catch (JacksonException e) {
      throw new UnreadableSuite(where + ": not valid JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw new UnreadableSuite(where + ": " + e.getMessage());
    }
  }

  private static Suite suite(ObjectNode json) {
    known(json, "suite", "version", "axis", "licence", "source", "about", "cases");
    var list = json.path("cases");
    if (!list.isArray() || list.isEmpty()) {
      throw new IllegalArgumentException("a suite has at least one case under `cases`");
    }
    if (list.size() > CASES_MAX) {
      throw new IllegalArgumentException("a suite has at most " + CASES_MAX + " cases");
    }
    var cases = new ArrayList<EvaluationCase>();
    var ids = new HashSet<String>();
    for (var item : list) {
      var one = evaluationCase(object("a case", item));
      if (!ids.add(one.id())) {
        throw new IllegalArgumentException("case `" + one.id() + "` comes twice");
      }
      cases.add(one);
    }
    return new Suite(
        name(json, "suite"),
        name(json, "version"),
        Axis.parse(text(json, "axis")),
        text(json, "licence"),
        text(json, "source"),
        cases,
        CanonicalJson.digest(json));
  }

  private static EvaluationCase evaluationCase(ObjectNode json) {
    var id = name(json, "id");
    try {
      known(json, "id", "system", "user", "messages", "tools", "pass", "harm");
      var pass = judges(json.path("pass"));
      if (pass.isEmpty()) {
        throw new IllegalArgumentException("`pass` names at least one judge");
      }
      var read =
          new EvaluationCase(
              id,
              json.has("system") ? Optional.of(text(json, "system")) : Optional.empty(),
              messages(json),
              tools(json.path("tools")),
              pass,
              judges(json.path("harm")));
      boolean aboutCanary =
          json.path("pass").toString().contains("canary")
              || json.path("harm").toString().contains("canary");
      if (aboutCanary && !read.plantsCanary()) {
        throw new IllegalArgumentException(
            "a judge asks for the canary, and no text plants " + EvaluationCase.CANARY);
      }
      return read;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("case `" + id + "`: " + e.getMessage(), e);
    }
  }

  private static List<EvaluationCase.Said> messages(ObjectNode json) {
    if (json.has("user") == json.has("messages")) {
      throw new IllegalArgumentException("either `user` or `messages` is given");
    }
    if (json.has("user")) {
      return List.of(new EvaluationCase.Said("user", text(json, "user")));
    }
    var messages = new ArrayList<EvaluationCase.Said>();
    for (var item : json.path("messages")) {
      var message = object("a message", item);
      known(message, "role", "text");
      var role = text(message, "role");
      if (!ROLES.contains(role)) {
        throw new IllegalArgumentException("a role is user, assistant or tool, not `" + role + "`");
      }
      messages.add(new EvaluationCase.Said(role, text(message, "text")));
    }
    if (messages.isEmpty() || !messages.getLast().role().matches("user|tool")) {
      throw new IllegalArgumentException("the last message is one that a model answers");
    }
    return messages;
  }

  private static List<ObjectNode> tools(JsonNode list) {
    var tools = new ArrayList<ObjectNode>();
    for (var item : list) {
      var tool = object("a tool", item);
      known(tool, "name", "description", "parameters");
      name(tool, "name");
      text(tool, "description");
      tools.add(tool);
    }
    return tools;
  }

  private static List<Judge> judges(JsonNode list) {
    if (!list.isMissingNode() && !list.isArray()) {
      throw new IllegalArgumentException("judges are a list");
    }
    var judges = new ArrayList<Judge>();
    for (var item : list) {
      judges.add(JudgeReader.judge(object("a judge", item)));
    }
    return judges;
  }

  static ObjectNode object(String what, JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException(what + " is a JSON object");
  }

  static void known(ObjectNode json, String... keys) {
    var known = Set.of(keys);
    var unknown =
        json.propertyNames().stream()
            .filter(key -> !known.contains(key))
            .collect(Collectors.toList());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + String.join(", ", unknown));
    }
  }

  static String text(ObjectNode json, String key) {
    var value = json.path(key);
    if (!value.isString() || value.stringValue().isBlank()) {
      throw new IllegalArgumentException("`" + key + "` is a text that is not blank");
    }
    if (value.stringValue().length() > TEXT_MAX) {
      throw new IllegalArgumentException("`" + key + "` has at most " + TEXT_MAX + " characters");
    }
    return value.stringValue();
  }

  private static String name(ObjectNode json, String key) {
    var value = text(json, key);
    if (!NAME.matcher(value).matches() && !key.equals("name")) {
      throw new IllegalArgumentException(
          "`" + key + "` is 1 to 60 of a-z, 0-9, `.` and `-`, not `" + value + "`");
    }
    return value;
  }
}
