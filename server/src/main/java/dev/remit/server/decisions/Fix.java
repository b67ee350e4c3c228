package dev.remit.server.decisions;

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
record Fix(
    String says,
    Optional<ObjectNode> manifest,
    List<String> run,
    Optional<ObjectNode> task,
    Optional<ObjectNode> arguments) {

  Fix {
    run = List.copyOf(run);
  }

  static Fix apply(String says, ObjectNode manifest) {
    return new Fix(says, Optional.of(manifest), List.of(), Optional.empty(), Optional.empty());
  }

  static Fix run(String says, String command) {
    return new Fix(says, Optional.empty(), List.of(command), Optional.empty(), Optional.empty());
  }

  static Fix newTask(String says, ObjectNode task) {
    return new Fix(says, Optional.empty(), List.of(), Optional.of(task), Optional.empty());
  }

  static Fix call(String says, ObjectNode arguments) {
    return new Fix(says, Optional.empty(), List.of(), Optional.empty(), Optional.of(arguments));
  }

  /// The same, to be made in a new task.
  Fix inNewTask() {
    var any = JsonMapper.shared().createObjectNode();
    return new Fix(says, manifest, run, Optional.of(task.orElse(any)), arguments);
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
    return json;
  }
}
