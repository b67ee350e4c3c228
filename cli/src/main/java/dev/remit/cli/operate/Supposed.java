package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The options of `remit explain` that suppose a call.
final class Supposed {
  @Option(names = "--identity", paramLabel = "NAME", defaultValue = "", description = "Who asks.")
  private String identity = "";

  @Option(
      names = "--tool",
      paramLabel = "RESOURCE/TOOL",
      defaultValue = "",
      description = "The tool that is called.")
  private String tool = "";

  @Option(
      names = "--args",
      paramLabel = "JSON",
      defaultValue = "",
      description = "The call's arguments.")
  private String arguments = "";

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      defaultValue = "",
      description = "What for, if not to call a tool: read, prompt, …")
  private String action = "";

  @Option(
      names = "--resource",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Of what, with --action.")
  private String resource = "";

  @Option(
      names = "--item",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "What of it: a URI, a prompt's name.")
  private String item = "";

  @Option(
      names = "--intent",
      paramLabel = "WORD",
      defaultValue = "",
      description = "The task's intent.")
  private String intent = "";

  @Option(
      names = "--touched",
      paramLabel = "CLASS",
      split = ",",
      description = "Data classes that the task has touched.")
  private List<String> touched = new ArrayList<>();

  @Option(
      names = "--calls",
      paramLabel = "N",
      defaultValue = "-1",
      description = "Calls of this tool in the task so far.")
  private long calls = -1;

  @Option(names = "--risk", paramLabel = "N", defaultValue = "-1", description = "0 to 100.")
  private int risk = -1;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "",
      description = "When, such as 2027-02-01T12:00:00Z.")
  private String time = "";

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      defaultValue = "",
      description = "As if the workflow were at this stage.")
  private String stage = "";

  @Option(
      names = "--autonomy",
      paramLabel = "WORD",
      defaultValue = "",
      description = "As if the identity had this autonomy.")
  private String autonomy = "";

  @Option(
      names = "--fact",
      paramLabel = "KEY=VALUE",
      description = {
        "Any other key of a policy test's case, such as lifecycle=beta, perMinute=60 or",
        "delegators=planner,clerk; more than once for several."
      })
  private Map<String, String> facts = new LinkedHashMap<>();

  @Option(names = "--approved", description = "As if a person had agreed.")
  private boolean approved;

  boolean isAsked() {
    return !tool.isEmpty() || !action.isEmpty();
  }

  ObjectNode body() {
    var body = JsonMapper.shared().createObjectNode();
    put(body, "identity", identity);
    put(body, "tool", tool);
    put(body, "action", action);
    put(body, "resource", resource);
    put(body, "item", item);
    put(body, "intent", intent);
    put(body, "time", time);
    put(body, "stage", stage);
    put(body, "autonomy", autonomy);
    if (!arguments.isEmpty()) {
      body.set("arguments", object());
    }
    if (!touched.isEmpty()) {
      touched.forEach(body.putArray("touched")::add);
    }
    if (calls >= 0) {
      body.put("calls", calls);
    }
    if (risk >= 0) {
      body.put("risk", risk);
    }
    facts.forEach((key, value) -> fact(body, key, value));
    if (approved) {
      body.put("approved", "true");
    }
    return body;
  }

  /// The server knows the keys and says what is wrong with one; here only their forms differ.
  private static void fact(ObjectNode body, String key, String value) {
    if (key.equals("delegators")) {
      Stream.of(value.split(",")).forEach(body.putArray(key)::add);
    } else if (value.matches("[0-9]{1,18}")) {
      body.put(key, Long.parseLong(value));
    } else {
      body.put(key, value);
    }
  }

  private ObjectNode object() {
    try {
      if (JsonMapper.shared().readTree(arguments) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      throw new CommandFailed("--args is not JSON", "write it as '{\"path\": \"/data/1\"}'", e);
    }
    throw new CommandFailed("--args is no JSON object", "write it as '{\"path\": \"/data/1\"}'");
  }

  private static void put(ObjectNode body, String name, String text) {
    if (!text.isEmpty()) {
      body.put(name, text);
    }
  }
}
