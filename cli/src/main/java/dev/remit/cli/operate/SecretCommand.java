package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Table;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Keeps the secrets that upstream servers need.
@Command(
    name = "secret",
    header = "Store the secrets that servers need, and list their names.",
    description = {
      "Values are encrypted at rest, given to a server's process or request only, and never",
      "shown again: not to agents, not in logs, not here. Manifests name them: {secret: NAME}.",
    })
public final class SecretCommand extends ServerCommand implements CommandGroup {
  private static final String PATH = "/v1/secrets";

  public SecretCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("put", new Put(terminal), "list", new Names(terminal));
  }

  /// Without more, `remit secret` lists.
  @Override
  public Integer call() {
    tell(server().get(PATH), SecretCommand::print);
    return 0;
  }

  private static void print(JsonNode list, PrintWriter out) {
    var secrets = list.path("secrets");
    if (secrets.isEmpty()) {
      out.println("No secret is stored.");
      return;
    }
    var table = new Table("NAME", "STORED", "BY", "WHERE", "");
    for (var one : secrets) {
      table.row(
          one.path("name").asString(""),
          one.path("storedAt").asString(""),
          one.path("storedBy").asString(""),
          where(one.path("elsewhere")),
          one.path("rotate").asBoolean(false) ? "replace it at its source" : "");
    }
    table.print(out);
  }

  private static String where(JsonNode elsewhere) {
    var vault = elsewhere.path("vault");
    var dynamic = elsewhere.path("vaultDynamic");
    if (vault.isObject()) {
      return "vault "
          + vault.path("mount").asString("")
          + "/"
          + vault.path("path").asString("")
          + "#"
          + vault.path("field").asString("");
    }
    if (dynamic.isObject()) {
      return "vault "
          + dynamic.path("path").asString("")
          + "#"
          + dynamic.path("field").asString("");
    }
    return elsewhere.has("file")
        ? elsewhere.path("file").asString("")
        : elsewhere.path("environment").asString("");
  }

  /// Lists names.
  @Command(name = "list", header = "List the names of stored secrets, never their values.")
  static final class Names extends ServerCommand {
    Names(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      tell(server().get(PATH), SecretCommand::print);
      return 0;
    }
  }

  /// Stores one value.
  @Command(
      name = "put",
      header = "Store or replace a secret; the value is read from standard input.",
      description = {
        "On a terminal it asks for the value and does not show it. Otherwise all of standard",
        "input is the value, without a line break at its end. There is no option for the value,",
        "because arguments are visible to every process of the machine.",
        "",
        "With one of the --from options it stores where the value is instead; the server fetches",
        "it from there each time it needs it.",
      },
      footer = {
        "",
        "Examples:",
        "  pass show github/token | remit secret put github.GITHUB_TOKEN",
        "  remit secret put crm.key --from-vault kv/team/crm#token"
      })
  static final class Put implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "Letters, digits, dots, underscores, hyphens.")
    private String name = "";

    @Option(names = "--rotate", description = "Mark it: it lay about and is to be replaced.")
    private boolean rotate;

    @ArgGroup private From from = new From();

    /// Where the value is, if not here.
    static final class From {
      @Option(
          names = "--from-env",
          paramLabel = "NAME",
          description = "A variable of the server's process, REMIT_SECRET_….")
      private String environment = "";

      @Option(
          names = "--from-file",
          paramLabel = "PATH",
          description = "A file on the server's machine, below `secrets.filesBelow`.")
      private String file = "";

      @Option(
          names = "--from-vault",
          paramLabel = "MOUNT/PATH#FIELD",
          description = "A field in KV version 2 of the vault.")
      private String vault = "";

      @Option(
          names = "--from-vault-dynamic",
          paramLabel = "PATH#FIELD",
          description = "A field that the vault makes: database/creds/reader#password.")
      private String vaultDynamic = "";
    }

    Put(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      var body = kept().put("rotate", rotate);
      var stored = RemitClient.of(terminal).put(PATH + "/" + Segment.of(name), body);
      terminal.out().println("stored " + name);
      var warning = stored.path("warning").asString("");
      if (!warning.isEmpty()) {
        terminal.err().println("warning: " + warning);
      }
      return 0;
    }

    private ObjectNode kept() {
      var body = JsonMapper.shared().createObjectNode();
      if (!from.environment.isEmpty()) {
        return body.put("environment", from.environment);
      }
      if (!from.file.isEmpty()) {
        return body.put("file", from.file);
      }
      if (!from.vault.isEmpty()) {
        var parts = parts(from.vault, "^([^/#]+)/([^#]+)#([^#]+)$", "kv/team/crm#token");
        body.putObject("vault")
            .put("mount", parts.group(1))
            .put("path", parts.group(2))
            .put("field", parts.group(3));
        return body;
      }
      if (!from.vaultDynamic.isEmpty()) {
        var parts = parts(from.vaultDynamic, "^([^#]+)#([^#]+)$", "database/creds/reader#password");
        body.putObject("vaultDynamic").put("path", parts.group(1)).put("field", parts.group(2));
        return body;
      }
      var value = value();
      if (value.isEmpty()) {
        throw new CommandFailed(
            "the value is empty", "pipe it in, or run this on a terminal and type it");
      }
      return body.put("value", value);
    }

    private static Matcher parts(String text, String form, String example) {
      var matcher = Pattern.compile(form).matcher(text);
      if (!matcher.matches()) {
        throw new CommandFailed(
            "`" + text + "` does not say a place in a vault", "write it like " + example);
      }
      return matcher;
    }

    private String value() {
      if (terminal.interactive()) {
        return Optional.ofNullable(System.console())
            .map(console -> console.readPassword("Value of %s: ", name))
            .map(String::new)
            .orElse("");
      }
      try {
        var text = new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8);
        return text.replaceFirst("\\r?\\n\\z", "");
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the value from standard input", e);
      }
    }
  }
}
