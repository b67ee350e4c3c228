package dev.remit.server.decisions;

import dev.remit.kernel.identity.ToolName;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What would make a denied call succeed, so exactly that a program can do it. What policy or
/// grants would have to become is somebody's decision all the same: this says what to decide.
///
/// @param says it in one sentence
/// @param manifest to apply first
/// @param run commands to run first, in this order
/// @param task the intent and the tools of a new task to make the call in
/// @param arguments to call with in place of those that were sent
/// @param tool to call in place of the one that was called
record Fix(
    String says,
    Optional<ObjectNode> manifest,
    List<String> run,
    Optional<ObjectNode> task,
    Optional<ObjectNode> arguments,
    Optional<ToolName> tool) {

  Fix {
    run = List.copyOf(run);
  }

  /// Says what to do where no program could do it.
  static Fix advice(String says) {
    return new Fix(
        says, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Fix apply(String says, ObjectNode manifest) {
    var none = advice(says);
    return new Fix(says, Optional.of(manifest), none.run, none.task, none.arguments, none.tool);
  }

  static Fix run(String says, String... commands) {
    var none = advice(says);
    return new Fix(says, none.manifest, List.of(commands), none.task, none.arguments, none.tool);
  }

  static Fix newTask(String says, ObjectNode task) {
    var none = advice(says);
    return new Fix(says, none.manifest, none.run, Optional.of(task), none.arguments, none.tool);
  }

  static Fix call(String says, ObjectNode arguments) {
    var none = advice(says);
    return new Fix(says, none.manifest, none.run, none.task, Optional.of(arguments), none.tool);
  }

  static Fix callAnother(String says, ToolName tool) {
    var none = advice(says);
    return new Fix(says, none.manifest, none.run, none.task, none.arguments, Optional.of(tool));
  }

  /// The same, to be made in a new task.
  Fix inNewTask() {
    var any = JsonMapper.shared().createObjectNode();
    return new Fix(says, manifest, run, Optional.of(task.orElse(any)), arguments, tool);
  }

  /// @param id of the decision, for the command that saves the manifest
  ObjectNode toJson(String id) {
    var json = JsonMapper.shared().createObjectNode();
    json.put("says", says);
    var commands = json.putArray("run");
    manifest.ifPresent(object -> {
      json.set("manifest", object);
      commands.add("remit explain " + id + " --fix fix.yaml");
      commands.add("remit apply -f fix.yaml");
    });
    run.forEach(commands::add);
    task.ifPresent(object -> json.set("task", object));
    arguments.ifPresent(object -> json.set("arguments", object));
    tool.ifPresent(name -> json.put("tool", name.toString()));
    return json;
  }
}
