package dev.remit.cli;

import dev.remit.cli.connect.ConnectCommand;
import dev.remit.cli.verify.LedgerCommand;
import dev.remit.cli.verify.VerifyCommand;
import java.util.List;

/// Everything the command can do, grouped as its help shows it.
///
/// A command's class is loaded only when it is named, or when all of them are needed for help and
/// completion; so the one that runs starts quickly.
final class Commands {
  /// One section of the help.
  record Group(String title, List<String> names) {}

  static final List<Group> GROUPS =
      List.of(
          new Group("Start", List.of("connect", "status", "whoami")),
          new Group("Declare", List.of()),
          new Group("Watch", List.of()),
          new Group("Decide", List.of()),
          new Group("Prove", List.of("verify", "ledger")),
          new Group("More", List.of()));

  private Commands() {}

  static boolean isCommand(String name) {
    return GROUPS.stream().anyMatch(group -> group.names().contains(name));
  }

  static List<String> names() {
    return GROUPS.stream().flatMap(group -> group.names().stream()).toList();
  }

  /// Returns a new command object, to be handed to picocli.
  static Object open(String name, Terminal terminal) {
    return switch (name) {
      case "connect" -> new ConnectCommand(terminal);
      case "ledger" -> new LedgerCommand(terminal);
      case "status" -> new StatusCommand(terminal);
      case "verify" -> new VerifyCommand(terminal);
      case "whoami" -> new WhoamiCommand(terminal);
      default -> throw new IllegalArgumentException("no command is named `" + name + "`");
    };
  }
}
