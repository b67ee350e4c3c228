package dev.remit.kernel.evidence;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What an evidence bundle is about.
///
/// @param subject the workflow's name, the identity's SPIFFE ID, or the task's id
/// @param from the first moment
/// @param to the moment after the last
/// @param related what is declared that this rests on, as `kind/name`: the workflow, its owner, its
///   identities, their grants, the policies; every change of one of them belongs to the evidence
///
///   Errors: another form of JSON is an [IllegalArgumentException].
public record Scope(
    Kind kind, String subject, Instant from, Instant to, SortedSet<String> related) {

  /// What a bundle can be about.
  public enum Kind {
    WORKFLOW,
    IDENTITY,
    TASK;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    public static Kind parse(String word) {
      for (var kind : values()) {
        if (kind.word().equals(word)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("`" + word + "` is no kind of scope");
    }
  }

  public Scope {
    related = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(related));
    if (subject.isEmpty() || !from.isBefore(to)) {
      throw new IllegalArgumentException("a scope names a subject and ends after it begins");
    }
  }

  boolean holds(Instant at) {
    return !at.isBefore(from) && at.isBefore(to);
  }

  public ObjectNode toJson() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("kind", kind.word());
    json.put("subject", subject);
    json.put("from", from.toString());
    json.put("to", to.toString());
    var names = json.putArray("related");
    related.forEach(names::add);
    return json;
  }

  public static Scope of(JsonNode json) {
    var scope = parse(json);
    // `2026-11-21t10:00z` is the same moment to a parser, and another manifest to a reader.
    if (!scope.toJson().equals(json)) {
      throw new IllegalArgumentException("a scope has one form only, which is not this");
    }
    return scope;
  }

  private static Scope parse(JsonNode json) {
    try {
      return new Scope(
          Kind.parse(json.path("kind").asString("")),
          json.path("subject").asString(""),
          Instant.parse(json.path("from").asString("")),
          Instant.parse(json.path("to").asString("")),
          json.path("related")
              .valueStream()
              .map(JsonNode::stringValue)
              .collect(Collectors.toCollection(TreeSet::new)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a scope has two times: " + e.getMessage(), e);
    }
  }
}
