package dev.remit.cli.operate;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Issues operator tokens.
@Command(name = "token", header = "Issue an operator token for a person.")
public final class TokenCommand implements Runnable, CommandGroup {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public TokenCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("for", new For(terminal));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say for whom: remit token for PERSON");
  }

  /// Issues one token.
  @Command(
      name = "for",
      header = "Issue an operator token for a declared person.",
      description = {
        "The token is printed once, alone on standard output, and cannot be shown again. Hand it",
        "over safely; its person puts it into REMIT_TOKEN. Needs the role admin.",
      },
      footer = {"", "Example:", "  remit token for anna > anna.token"})
  static final class For extends ServerCommand {
    @Parameters(paramLabel = "PERSON", description = "The person's name in the registry.")
    private String person = "";

    @Option(names = "--hours", paramLabel = "N", description = "How long it lives.")
    private @Nullable Integer hours;

    For(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      var body = JsonMapper.shared().createObjectNode();
      if (hours != null) {
        body.put("hours", hours);
      }
      var issued = server().post("/v1/people/" + Segment.of(person) + "/tokens", body);
      tell(issued, out -> out.println(issued.path("token").asString("")));
      terminal
          .err()
          .println("for " + person + ", until " + issued.path("expiresAt").asString("revoked"));
      return 0;
    }
  }
}
