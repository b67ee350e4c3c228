package dev.remit.server.decisions;

import java.util.Map;
import java.util.Set;

/// What a task has done before what is asked now. All counts are 0 or more.
///
/// @param calls tool calls
/// @param tools how many different tools they were of
/// @param perTool calls per tool (`files/read_file`), as far as anybody wants to know; a tool not
///   named has none
/// @param items prompts, resources and completions that it got
/// @param bytes length of all answers to it
/// @param touched data classes of the tools it has called
/// @param lastMinute its tool calls within the last 60 seconds
/// @param identityLastMinute those of its identity, in whichever task
public record Usage(
    long calls,
    long tools,
    Map<String, Long> perTool,
    long items,
    long bytes,
    Set<String> touched,
    long lastMinute,
    long identityLastMinute,
    Spent spent) {
  public static final Usage NONE = new Usage(0, 0, Map.of(), 0, 0, Set.of(), 0, 0);

  /// What it has spent on asking models.
  ///
  /// @param asks questions that were let through
  /// @param tokens read and written for it; of what is under way, the most that it may come to
  /// @param costMicros what they cost, in millionths
  /// @param identityLastMinute questions by its identity within the last 60 seconds, in any task
  public record Spent(long asks, long tokens, long costMicros, long identityLastMinute) {
    public static final Spent NOTHING = new Spent(0, 0, 0, 0);
  }

  /// Of a task that has asked no model.
  public Usage(
      long calls,
      long tools,
      Map<String, Long> perTool,
      long items,
      long bytes,
      Set<String> touched,
      long lastMinute,
      long identityLastMinute) {
    this(
        calls,
        tools,
        perTool,
        items,
        bytes,
        touched,
        lastMinute,
        identityLastMinute,
        Spent.NOTHING);
  }

  /// The same, of a task that has spent something on models.
  public Usage with(Spent spent) {
    return new Usage(
        calls, tools, perTool, items, bytes, touched, lastMinute, identityLastMinute, spent);
  }

  public Usage {
    perTool = Map.copyOf(perTool);
    touched = Set.copyOf(touched);
  }

  long of(String tool) {
    return perTool.getOrDefault(tool, 0L);
  }
}
