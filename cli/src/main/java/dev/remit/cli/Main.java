package dev.remit.cli;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `remit`: reads its arguments, runs one command of [Commands], says what went wrong.
///
/// Exit codes: 0 done; 1 it could not be done; 2 `plan` or `diff` found changes, `apply` or
/// `delete` made some.
@Command(
    name = "remit",
    header = "Give every AI agent a bounded and provable remit.",
    customSynopsis = "remit COMMAND [OPTION…]",
    versionProvider = Version.class,
    footer = {
      "",
      "`remit serve` starts the server, `remit tour` shows everything at work.",
      "",
      "Environment:",
      "  REMIT_ADDR   the server's address; http://127.0.0.1:8480 if not set",
      "  REMIT_TOKEN  your operator token; else ./data/operator.token is read",
      "  REMIT_HOME   where keys and receipts are kept; else ~/.config/remit and",
      "               ~/.local/state/remit",
      "  NO_COLOR     set to anything: no colours",
      "",
      "Exit codes:",
      "  0  done; for plan, diff and apply: nothing to change",
      "  1  it could not be done; the reason is on standard error",
      "  2  plan and diff: there are changes; apply and delete: changes were made",
      "",
      "`remit COMMAND --help` explains a command.",
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), args));
  }

  /// Runs one command and returns its exit code.
  public static int run(Terminal terminal, String... args) {
    int code = commandLine(terminal, args).execute(args);
    terminal.out().flush();
    terminal.err().flush();
    return code;
  }

  /// Without a command there is nothing to run: show what there is.
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /// Returns the command line with only the named command in it, or with all of them.
  static CommandLine commandLine(Terminal terminal, String... args) {
    var line = new CommandLine(new Main());
    var names =
        args.length > 0 && Commands.isCommand(args[0]) ? List.of(args[0]) : Commands.names();
    names.forEach(name -> line.addSubcommand(name, opened(Commands.open(name, terminal))));
    return configured(line, terminal);
  }

  private static CommandLine opened(Object command) {
    var line = new CommandLine(command);
    if (command instanceof CommandGroup group) {
      new TreeMap<>(group.commands())
          .forEach((name, inner) -> line.addSubcommand(name, opened(inner)));
    }
    return line;
  }

  private static CommandLine configured(CommandLine line, Terminal terminal) {
    line.getCommandSpec().addOption(help("Show this help.")).addOption(version());
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setAbbreviatedOptionsAllowed(false);
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(terminal.interactive());
    line.setParameterExceptionHandler((e, _) -> misused(e, terminal));
    line.setExecutionExceptionHandler((e, command, _) -> failed(e, command, terminal));
    line.getSubcommands().values().forEach(Main::withHelp);
    HelpSections.group(line);
    return line;
  }

  private static void withHelp(CommandLine command) {
    var usage = command.getCommandSpec().usageMessage();
    usage.description(Paragraphs.of(usage.description()));
    command.getCommandSpec().addOption(help("Explain this command."));
    command.getSubcommands().values().forEach(Main::withHelp);
  }

  private static OptionSpec help(String description) {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description(description).build();
  }

  private static OptionSpec version() {
    return OptionSpec.builder("-V", "--version")
        .versionHelp(true)
        .description("Show the version.")
        .build();
  }

  private static int misused(ParameterException e, Terminal terminal) {
    var err = terminal.err();
    err.println("error: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("  see `" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help`");
    return 1;
  }

  private static int failed(Exception e, CommandLine command, Terminal terminal) throws Exception {
    if (terminal.variable("REMIT_DEBUG").isPresent()) {
      throw e;
    }
    var err = terminal.err();
    err.println(command.getColorScheme().errorText("error: ") + message(e));
    if (e instanceof CommandFailed known) {
      known.remedy().ifPresent(remedy -> err.println("  remedy: " + remedy));
    }
    return 1;
  }

  private static String message(Exception e) {
    var own = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    if (e instanceof CommandFailed) {
      return own;
    }
    var cause = Optional.ofNullable(e.getCause()).map(Throwable::getMessage).orElse("");
    return cause.isEmpty() || own.contains(cause) ? own : own + ": " + cause;
  }
}
