package dev.remit.cli.policy;

import dev.remit.cli.CommandGroup;
import dev.remit.cli.Terminal;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Tests policies, and reports of those in shadow.
@Command(name = "policy", header = "Test policies, and see what one in shadow would change.")
public final class PolicyCommand implements Runnable, CommandGroup {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public PolicyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of(
        "test", new PolicyTestCommand(terminal), "shadow", new PolicyShadowCommand(terminal));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: test or shadow");
  }
}
