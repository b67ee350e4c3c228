package dev.remit.cli.verify;

import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.JsonNodeFactory;

/// Everything about the ledger as a whole.
@Command(
    name = "ledger",
    header = "Take the ledger's evidence away from the server; change its key.",
    description = "Exports are directories that `remit verify DIR` checks without any server.")
public final class LedgerCommand implements Runnable {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public LedgerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "rotate-key",
      header = "Give the log a new signing key.",
      description = {
        "The old key signs the entry that names the new one, and nothing after it. Older checkpoints",
        "and receipts stay valid; whoever trusts the old key finds the new one in the log. Needs the",
        "role security or admin. Tell those who hold the old key, and every witness."
      })
  int rotateKey(
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; it is recorded.")
          String reason) {
    var body = JsonNodeFactory.instance.objectNode().put("reason", reason);
    var rotation = RemitClient.of(terminal).post("/v1/ledger/keys", body);
    terminal.out().println("the log signs with   " + rotation.path("key").asString());
    terminal.out().println("it signed with       " + rotation.path("previous").asString());
    terminal.out().println("next                 give both lines to whoever verifies");
    return 0;
  }

  @Command(
      name = "export",
      header = "Download the ledger into a directory.",
      description = {
        "Writes entries, tiles, checkpoints and public keys in the layout of C2SP tlog-tiles.",
        "Run it again to continue an interrupted export or to add what is new."
      })
  int export(
      @Option(
              names = "--log",
              paramLabel = "NAME",
              description = {
                "The log of another node, by the node's name, or `root`: the one over them all.",
                "By default that of the node that answers."
              })
          @Nullable String log,
      @Parameters(paramLabel = "DIR", description = "Directory to write to.") String directory) {
    var target = terminal.resolve(directory);
    var where = log == null ? LedgerExport.OWN : "/v1/logs/" + Segment.of(log);
    var export = new LedgerExport(RemitClient.of(terminal), where, target);
    var done = export.run();
    terminal
        .out()
        .println(
            "exported %,d entries of %s to %s (%,d files downloaded)"
                .formatted(
                    done.checkpoint().size(), done.checkpoint().origin(), target, done.files()));
    if (done.missing() > 0) {
      terminal
          .err()
          .printf(
              "warning: the server could not supply %d files; `remit verify %s` names the place%n",
              done.missing(), directory);
    }
    return done.missing() > 0 ? 1 : 0;
  }
}
