package dev.remit.server.authzen;

import dev.remit.kernel.identity.IdentityName;
import dev.remit.kernel.identity.TaskId;
import dev.remit.server.decisions.TaskFacts;
import dev.remit.server.decisions.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The task in which something is asked, as the caller states it in `context.task`: whoever
/// enforces elsewhere knows the task, this server does not. What is not stated counts as not having
/// happened.
///
/// @param named whether its id was stated
/// @param callsOfTool calls of the tool in question
/// @param facts everything else; the intent is empty when none was stated
record StatedTask(boolean named, long callsOfTool, TaskFacts facts) {
  private static final long COUNT_MAX = 1_000_000_000_000L;
  private static final int NAMES_MAX = 64;

  /// How long a task of which nothing is stated has still to live.
  private static final Duration LIFETIME = Duration.ofMinutes(15);

  static StatedTask of(JsonNode context, Instant now) throws Malformed {
    var task = RequestReader.optionalObject("context.task", context.path("task"));
    var id = text(task, "id");
    var facts =
        new TaskFacts(
            id.isEmpty() ? TaskId.fresh(now) : id(id),
            text(task, "intent"),
            task.has("callsMax") ? count(task, "callsMax") : COUNT_MAX,
            moment(task, "expires").orElse(now.plus(LIFETIME)),
            delegators(task),
            new Usage(
                count(task, "callsSoFar"),
                count(task, "toolsSoFar"),
                Map.of(),
                count(task, "itemsSoFar"),
                count(task, "bytesSoFar"),
                Set.copyOf(names(task, "touched", "data classes")),
                count(task, "callsLastMinute"),
                count(task, "identityCallsLastMinute")));
    return new StatedTask(!id.isEmpty(), count(task, "callsOfTool"), facts);
  }

  /// Returns its id, if the caller has said one.
  Optional<TaskId> stated() {
    return named ? Optional.of(facts.id()) : Optional.empty();
  }

  long callsSoFar() {
    return facts.usage().calls();
  }

  /// Returns what policy sees, when `tool` is what is called.
  TaskFacts facts(String tool) {
    var usage = facts.usage();
    return new TaskFacts(
        facts.id(),
        facts.intent(),
        facts.callsMax(),
        facts.expiresAt(),
        facts.delegators(),
        new Usage(
            usage.calls(),
            usage.tools(),
            Map.of(tool, callsOfTool),
            usage.items(),
            usage.bytes(),
            usage.touched(),
            usage.lastMinute(),
            usage.identityLastMinute()));
  }

  private static List<IdentityName> delegators(JsonNode task) throws Malformed {
    try {
      return names(task, "delegators", "identities").stream().map(IdentityName::new).toList();
    } catch (IllegalArgumentException e) {
      throw new Malformed("`context.task.delegators`: " + e.getMessage());
    }
  }

  private static Optional<Instant> moment(JsonNode task, String name) throws Malformed {
    var text = text(task, name);
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw new Malformed(
          "`context.task." + name + "` must be a moment such as 2026-01-05T10:00:00Z");
    }
  }

  private static TaskId id(String text) throws Malformed {
    try {
      return new TaskId(text);
    } catch (IllegalArgumentException e) {
      throw new Malformed("`context.task.id` must be a task's id: `task_` and 26 characters");
    }
  }

  private static String text(JsonNode task, String name) throws Malformed {
    var value = task.path(name);
    if (!value.isMissingNode() && !value.isString()) {
      throw new Malformed("`context.task." + name + "` must be text");
    }
    return value.asString("");
  }

  private static long count(JsonNode task, String name) throws Malformed {
    var value = task.path(name);
    if (value.isMissingNode()) {
      return 0;
    }
    boolean whole = value.isIntegralNumber() && value.canConvertToLong();
    if (!whole || value.longValue() < 0 || value.longValue() > COUNT_MAX) {
      throw new Malformed("`context.task." + name + "` must be an integer of 0 or more");
    }
    return value.longValue();
  }

  private static List<String> names(JsonNode task, String member, String what) throws Malformed {
    var value = task.path(member);
    if (value.isMissingNode()) {
      return List.of();
    }
    if (!value.isArray() || value.size() > NAMES_MAX) {
      throw new Malformed(
          "`context.task." + member + "` must be an array of at most " + NAMES_MAX + " " + what);
    }
    var names = new ArrayList<String>();
    for (var name : value) {
      if (!name.isString()) {
        throw new Malformed("`context.task." + member + "` must hold names of " + what);
      }
      names.add(name.stringValue());
    }
    return names;
  }
}
