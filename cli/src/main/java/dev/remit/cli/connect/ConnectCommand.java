package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Home;
import dev.remit.cli.Terminal;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lets an MCP client that cannot exchange tokens use one server through Remit.
@Command(
    name = "connect",
    header = "Carry an MCP client to one server through Remit.",
    description = {
      "Put this into the client's configuration in place of the server; `remit init` does so.",
      "",
      "It holds the identity's private key, starts a task with its declared intent, keeps the",
      "task's token fresh, forwards each message to the gateway and each answer back, and",
      "completes the task when the client ends. Receipts are kept under ~/.local/state/remit",
      "(or $REMIT_HOME) and checked by `remit verify`.",
      "",
      "With --listen it serves a client that wants a URL instead: it adds the token to each",
      "request and passes all bytes on unchanged. Whoever can reach that port on this machine",
      "acts as the identity while it runs.",
    })
public final class ConnectCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "SERVER",
      description = "The resource to reach, by its name in the registry.")
  private String server = "";

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

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Serve HTTP here instead of standard input; the host is a loopback address.")
  private @Nullable String listen;

  public ConnectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    var token = new Acting(terminal, identity, intent).token(server);
    var receipts = new ReceiptLog(Home.of(terminal).receipts(), server);
    return listen == null ? bridge(token, receipts) : front(token, receipts, listen);
  }

  private int bridge(TaskToken token, ReceiptLog receipts) throws IOException {
    var out = new Lines(terminal.rawOut());
    var gateway = new Gateway(Acting.http(), token, receipts, InstantSource.system());
    var bridge =
        new StdioBridge(new Conversation(gateway, out, terminal.err()), out, terminal.err());
    var farewell =
        new Farewell(() -> {
          bridge.end();
          token.complete();
        });
    farewell.atShutdown();
    try {
      bridge.run(terminal.in());
      return 0;
    } finally {
      farewell.say();
    }
  }

  private int front(TaskToken token, ReceiptLog receipts, String where) {
    var door = Optional.of(new LocalFront.Door(token, receipts));
    var front = LocalFront.open(where, _ -> door, terminal.err());
    var farewell =
        new Farewell(() -> {
          front.stop();
          token.complete();
        });
    farewell.atShutdown();
    terminal.err().println("remit: " + server + " is at " + front.uri() + token.path());
    try {
      front.serve();
      return 0;
    } finally {
      farewell.say();
    }
  }

  /// What is done once when the client ends or the process is told to: end the session, complete
  /// the task.
  private final class Farewell {
    private final Runnable words;
    private boolean said;

    Farewell(Runnable words) {
      this.words = words;
    }

    void atShutdown() {
      Runtime.getRuntime().addShutdownHook(new Thread(this::say, "farewell"));
    }

    /// Waits where it is being said already: the process must not end in the middle of it.
    synchronized void say() {
      if (said) {
        return;
      }
      said = true;
      try {
        words.run();
      } catch (CommandFailed e) {
        terminal.err().println("remit: the task could not be completed: " + StdioBridge.words(e));
      }
    }
  }
}
