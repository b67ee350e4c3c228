package dev.remit.cli;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/// Prints a script that lets a shell complete this command.
@Command(
    name = "completion",
    header = "Print a completion script for your shell.",
    description = {
      "  bash:  echo 'source <(remit completion bash)' >> ~/.bashrc",
      "  zsh:   echo 'source <(remit completion zsh)' >> ~/.zshrc",
      "  fish:  remit completion fish > ~/.config/fish/completions/remit.fish",
    })
final class CompletionCommand implements Callable<Integer> {
  private final Terminal terminal;

  /// The shells that are known.
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  private Shell shell = Shell.BASH;

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var all = Main.commandLine(terminal);
    terminal
        .out()
        .print(
            switch (shell) {
              // Picocli's script serves zsh as well: it switches on bash's way of completing.
              case BASH, ZSH -> AutoComplete.bash("remit", all);
              case FISH -> fish(all);
            });
    return 0;
  }

  private static String fish(CommandLine root) {
    var lines = new StringBuilder("complete -c remit -f\n");
    var names = String.join(" ", root.getSubcommands().keySet());
    for (var command : root.getSubcommands().values()) {
      var name = command.getCommandName();
      var header = String.join(" ", command.getCommandSpec().usageMessage().header());
      lines.append(
          "complete -c remit -n 'not __fish_seen_subcommand_from %s' -a %s -d %s%n"
              .formatted(names, name, quoted(header)));
      for (var option : command.getCommandSpec().options()) {
        lines.append(option(name, option));
      }
      for (var inner : command.getSubcommands().keySet()) {
        lines.append(
            "complete -c remit -n '__fish_seen_subcommand_from %s' -a %s%n".formatted(name, inner));
      }
    }
    return lines.toString();
  }

  private static String option(String command, OptionSpec option) {
    var names =
        Arrays.stream(option.names())
            .map(name ->
                name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
            .collect(Collectors.joining());
    var value = option.arity().max() > 0 ? " -r" : "";
    var words = option.description().length == 0 ? "" : option.description()[0];
    return "complete -c remit -n '__fish_seen_subcommand_from %s'%s%s -d %s%n"
        .formatted(command, names, value, quoted(words.strip()));
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
