package dev.remit.server.authzen;

import dev.remit.kernel.identity.TaskId;
import dev.remit.server.decisions.TaskFacts;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The task in which something is asked, as the caller states it in `context.task`: whoever
/// enforces elsewhere knows the task, this server does not. What is not stated counts as not having
/// happened.
///
/// @param intent empty when none was stated
/// @param callsSoFar calls in the task before this one
/// @param callsOfTool those of the tool in question
record StatedTask(
    TaskId id,
    boolean named,
    String intent,
    long callsSoFar,
    long callsOfTool,
    Set<String> touched) {
  private static final long COUNT_MAX = 1_000_000_000_000L;
  private static final int TOUCHED_MAX = 64;

  static StatedTask of(JsonNode context, Instant now) throws Malformed {
    var task = RequestReader.optionalObject("context.task", context.path("task"));
    var id = text(task, "id");
    return new StatedTask(
        id.isEmpty() ? TaskId.fresh(now) : id(id),
        !id.isEmpty(),
        text(task, "intent"),
        count(task, "callsSoFar"),
        count(task, "callsOfTool"),
        touched(task.path("touched")));
  }

  /// Returns what policy sees, when `tool` is what is called.
  TaskFacts facts(String tool) {
    return new TaskFacts(id, intent, callsSoFar, touched, Map.of(tool, callsOfTool));
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

  private static Set<String> touched(JsonNode value) throws Malformed {
    if (value.isMissingNode()) {
      return Set.of();
    }
    if (!value.isArray() || value.size() > TOUCHED_MAX) {
      throw new Malformed(
          "`context.task.touched` must be an array of at most " + TOUCHED_MAX + " data classes");
    }
    var names = new HashSet<String>();
    for (var name : value) {
      if (!name.isString()) {
        throw new Malformed("`context.task.touched` must hold names of data classes");
      }
      names.add(name.stringValue());
    }
    return names;
  }
}
