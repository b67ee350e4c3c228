package dev.remit.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The page `docs/reference/cli.md`, made of what each command says of itself.
final class ReferencePage {

  private ReferencePage() {}

  static String text() {
    var nowhere = new PrintWriter(new StringWriter());
    var terminal =
        new Terminal(
            Map.of(),
            Path.of(""),
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            nowhere,
            nowhere,
            false);
    var root = Main.commandLine(terminal);
    var page =
        new StringBuilder(
            """
            # The command `remit`

            Written from the commands themselves; `MainTest` keeps it so. `remit serve`, `remit tour` and
            `remit bench` are started by the launcher and explain themselves.

            """);
    append(page, root);
    for (var command : root.getSubcommands().values()) {
      append(page, command);
      command.getSubcommands().values().forEach(inner -> append(page, inner));
    }
    return page.toString().stripTrailing() + "\n";
  }

  private static void append(StringBuilder page, CommandLine command) {
    command.setUsageHelpAutoWidth(false);
    page.append("## `").append(command.getCommandSpec().qualifiedName()).append("`\n\n```\n");
    command
        .getUsageMessage(Ansi.OFF)
        .lines()
        .forEach(line -> page.append(line.stripTrailing()).append('\n'));
    page.append("```\n\n");
  }
}
