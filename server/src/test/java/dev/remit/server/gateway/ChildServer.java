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
/// the client's model first, `spawn` starts a process that outlives its parent.
final class ChildServer {
  /// In canonical form, so that its digest is the digest of the text.
  static final String TOOL =
      "{\"description\":\"Says\",\"inputSchema\":{\"type\":\"object\"},\"name\":\"say\"}";

  private static final Pattern ID = Pattern.compile("\"id\":\\s*(\"[^\"]*\"|\\d+)");
  private static final Pattern TEXT = Pattern.compile("\"text\":\\s*\"([^\"]*)\"");

  public static void main(String[] arguments) throws IOException {
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      var id = ID.matcher(line);
      if (line.contains("\"method\":\"initialize\"") && id.find()) {
        say(id.group(1), "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}}}");
      } else if (line.contains("\"tools/list\"") && id.find()) {
        say(id.group(1), "{\"tools\":[" + TOOL + "]}");
      } else if (line.contains("\"tools/call\"") && id.find()) {
        call(id.group(1), line);
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
      case "garbage" -> {
        System.out.println("this is no message");
        text(id, "after garbage");
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
    System.out.println("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    System.out.flush();
  }
}
