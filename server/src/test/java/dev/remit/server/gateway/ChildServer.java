package dev.remit.server.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A stdio MCP server that needs nothing but the platform: a child process for tests.
///
/// Its one tool `say` does what its text says: `env NAME` tells a variable, `die` ends the process,
/// `hang` never answers, `garbage` writes a line that is no message before it answers, `ask` asks
/// the client's model first, `spawn` starts a process that outlives its parent, `pid` tells its
/// own, `log` logs first, `change` tells whoever listens that tools have changed, `cancelled` tells
/// which request was cancelled last, `stop` takes down what is listened to.
///
/// Legacy unless its argument is `modern`; `silent` is a legacy server that says nothing to what it
/// does not know, `touchy` one that ends.
final class ChildServer {
  /// In canonical form, so that its digest is the digest of the text.
  static final String TOOL =
      "{\"description\":\"Says\",\"inputSchema\":{\"type\":\"object\"},\"name\":\"say\"}";

  private static final Pattern ID = Pattern.compile("\"id\":\\s*(\"[^\"]*\"|\\d+)");
  private static final Pattern TEXT = Pattern.compile("\"text\":\\s*\"([^\"]*)\"");

  private static String cancelled = "none";
  private static String listening = "";

  public static void main(String[] arguments) throws IOException {
    var mode = arguments.length == 0 ? "" : arguments[0];
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var id = ID.matcher(line);
      if (line.contains("\"notifications/cancelled\"")) {
        cancelled = line.replaceAll(".*\"requestId\":(\"?[^,}\"]*\"?).*", "$1").replace('"', '\'');
      } else if (mode.equals("modern") && line.contains("\"server/discover\"") && id.find()) {
        say(
            id.group(1),
            "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}");
      } else if (mode.equals("modern") && line.contains("\"subscriptions/listen\"") && id.find()) {
        listening = id.group(1);
        tell("notifications/subscriptions/acknowledged", tag() + ",\"notifications\":{}");
      } else if (line.contains("\"method\":\"initialize\"") && id.find()) {
        say(id.group(1), "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}}}");
      } else if (line.contains("\"tools/list\"") && id.find()) {
        say(id.group(1), "{\"tools\":[" + TOOL + "]}");
      } else if (line.contains("\"tools/call\"") && id.find()) {
        call(id.group(1), line);
      } else if (mode.equals("touchy")) {
        System.exit(4);
      } else if (!mode.equals("silent") && id.find()) {
        write("\"id\":" + id.group(1) + ",\"error\":{\"code\":-32601,\"message\":\"what?\"}");
      }
    }
  }

  private static void call(String id, String line) throws IOException {
    var text = TEXT.matcher(line);
    var what = text.find() ? text.group(1) : "";
    switch (what.replaceFirst(" .*", "")) {
      case "die" -> System.exit(3);
      case "hang" -> {}
      case "env" -> text(id, String.valueOf(System.getenv(what.substring(4))));
      case "length" -> text(id, "length " + System.getenv(what.substring(7)).length());
      case "garbage" -> {
        System.out.println("this is no message");
        text(id, "after garbage");
      }
      case "pid" -> text(id, "pid " + ProcessHandle.current().pid());
      case "cancelled" -> text(id, cancelled);
      case "log" -> {
        tell("notifications/message", "\"level\":\"info\",\"data\":\"logged\"");
        text(id, "after the log");
      }
      case "change" -> {
        tell("notifications/tools/list_changed", tag());
        text(id, "changed");
      }
      case "stop" -> {
        tell("notifications/cancelled", "\"requestId\":" + listening);
        text(id, "stopped");
      }
      case "spawn" -> {
        var process = new ProcessBuilder("sleep", "300").start();
        text(id, "pid " + process.pid());
      }
      default -> text(id, what);
    }
  }

  private static void text(String id, String text) {
    say(id, "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}");
  }

  private static void say(String id, String result) {
    write("\"id\":" + id + ",\"result\":" + result);
  }

  private static void tell(String method, String params) {
    write("\"method\":\"" + method + "\",\"params\":{" + params + "}");
  }

  private static String tag() {
    return "\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + listening + "}";
  }

  private static void write(String members) {
    System.out.println("{\"jsonrpc\":\"2.0\"," + members + "}");
    System.out.flush();
  }
}
