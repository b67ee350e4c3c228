package dev.remit.cli;

import java.util.ArrayList;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/// Shows the commands under the titles of [Commands#GROUPS], instead of in one long list.
final class HelpSections {

  private HelpSections() {}

  static void group(CommandLine root) {
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, _ -> "");
    root.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpSections::grouped);
  }

  private static String grouped(Help help) {
    var out = new ArrayList<String>();
    for (var group : Commands.GROUPS) {
      if (group.names().isEmpty()) {
        continue;
      }
      out.add(System.lineSeparator() + help.colorScheme().text("@|bold " + group.title() + "|@"));
      for (var name : group.names()) {
        var command = help.subcommands().get(name);
        if (command != null) {
          var header = String.join(" ", command.commandSpec().usageMessage().header());
          out.add(
              "  %s%s%s"
                  .formatted(
                      help.colorScheme().commandText(name),
                      " ".repeat(Math.max(2, 14 - name.length())),
                      header));
        }
      }
    }
    return String.join(System.lineSeparator(), out) + System.lineSeparator();
  }
}
