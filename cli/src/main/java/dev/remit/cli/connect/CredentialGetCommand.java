package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Gets a credential of a database, or sees a secret once, for one task; runs a command with it and
/// ends the task.
@Command(
    name = "get",
    header = "Get a credential of a database, or see a secret once, for one task.",
    description = {
      "Acts with the identity's key on this machine, as `remit connect` does, and starts a task.",
      "",
      "With a COMMAND it runs that with PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD and",
      "PGSSLMODE set, and completes the task when it ends: the role is gone then, and every",
      "session of it. Without one it prints those variables, and the credential lives until its",
      "time is over or somebody says `remit task complete`.",
      "",
      "Where the profile is a secret that the resource reveals, the one variable is REMIT_SECRET.",
      "Whoever answers for security hears of it each time.",
    },
    footer = {
      "",
      "Example:",
      "  remit credential get orders --profile reader -- psql -c 'SELECT count(*) FROM orders'"
    })
public final class CredentialGetCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "RESOURCE", description = "The resource, by its name.")
  private String resource = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "What to run with it, after `--`.")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      required = true,
      description = "What it is to be good for; one of the resource's profiles.")
  private String profile = "";

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      description = "Act as this identity. Not needed while there is one key on this machine.")
  private @Nullable String identity;

  @Option(
      names = "--intent",
      paramLabel = "INTENT",
      description = "What the task is for; one of the workflow's intents.")
  private @Nullable String intent;

  private boolean isShown;

  public CredentialGetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var token = new Acting(terminal, identity, intent).token(resource);
    var asked =
        JsonMapper.shared().createObjectNode().put("resource", resource).put("profile", profile);
    if (command.isEmpty()) {
      print(got(token, asked));
      return 0;
    }
    var farewell = new Thread(() -> complete(token), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      return Child.run(command, variables(got(token, asked)));
    } finally {
      complete(token);
    }
  }

  /// A link is opened at once: only the task that was handed it can.
  private JsonNode got(TaskToken token, ObjectNode asked) {
    var given = token.ask("/v1/credentials", asked);
    if (!given.has("link")) {
      return given;
    }
    isShown = true;
    var shown = token.ask(given.path("link").asString(""), JsonMapper.shared().createObjectNode());
    return ((ObjectNode) given.deepCopy()).set("value", shown.path("value"));
  }

  private void print(JsonNode given) {
    var out = terminal.out();
    variables(given).forEach((name, value) -> out.println("export " + name + "=" + quoted(value)));
    out.println("# credential " + given.path("id").asString(""));
    out.println(
        "# until "
            + given.path("expiresAt").asString("")
            + ", or `remit task complete "
            + given.path("task").asString("")
            + "`");
  }

  private static Map<String, String> variables(JsonNode given) {
    var variables = new LinkedHashMap<String, String>();
    if (given.has("value")) {
      variables.put("REMIT_SECRET", given.path("value").asString(""));
      return variables;
    }
    variables.put("PGHOST", given.path("host").asString(""));
    variables.put("PGPORT", Long.toString(given.path("port").asLong(5432)));
    variables.put("PGDATABASE", given.path("database").asString(""));
    variables.put("PGUSER", given.path("user").asString(""));
    variables.put("PGPASSWORD", given.path("password").asString(""));
    variables.put("PGSSLMODE", given.path("sslmode").asString(""));
    return variables;
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  /// Says nothing twice: a task that was completed has no token any more.
  private void complete(TaskToken token) {
    try {
      token.complete().ifPresent(this::report);
    } catch (CommandFailed e) {
      terminal.err().println("remit: the task could not be completed: " + StdioBridge.words(e));
    }
  }

  private void report(JsonNode ended) {
    var after = ended.path("credentials");
    long left = after.path("left").asLong(0);
    terminal
        .err()
        .println(
            isShown
                ? "remit: the task is over; what it was shown is worth replacing at its source"
                : left == 0
                    ? "remit: the task is over, the credential is gone (%d ms)"
                        .formatted(after.path("tookMillis").asLong(0))
                    : "remit: the task is over; its credential is still being taken away, see `remit"
                        + " credential list`");
    terminal.err().flush();
  }
}
