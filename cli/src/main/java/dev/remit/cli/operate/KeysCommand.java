package dev.remit.cli.operate;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The keys that task tokens are signed with, and the authorities of certificates.
@Command(
    name = "keys",
    header = "Change the keys of task tokens and certificates; end what a lost key has signed.",
    description = {
      "They change by themselves (`tokens.keys.rotateEvery`, `certificates.rotateEvery`). The log's",
      "own key is another one: see `remit ledger rotate-key`. Both commands need the role security",
      "or admin."
    })
public final class KeysCommand implements Runnable {
  private static final String CERTIFICATES = "--certificates";

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public KeysCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "rotate",
      header = "Make the next key now.",
      description = {
        "It is published at once and signs a little later, when everybody knows it. Tokens of the key",
        "before it stay good until they expire."
      })
  int rotate(
      @Option(names = CERTIFICATES, description = "The authority that signs certificates instead.")
          boolean certificates,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; it is recorded.")
          String reason) {
    var done = post(path(certificates, "rotate"), reason);
    terminal
        .out()
        .println("the next key  " + done.path("kid").asString(done.path("id").asString("")));
    terminal.out().println("signs from    " + done.path("signsFrom").asString());
    return 0;
  }

  @Command(
      name = "roll",
      header = "Revoke every key, and every token there is.",
      description = {
        "For a key that somebody else may have. All task tokens are refused from this moment, on every",
        "node; workloads get new ones by themselves. A finding stays open until somebody says how it",
        "came to that."
      })
  int roll(
      @Option(names = "--emergency", description = "That you mean it.") boolean emergency,
      @Option(
              names = CERTIFICATES,
              description = "Every authority and certificate instead of keys and tokens.")
          boolean certificates,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; it is recorded.")
          String reason) {
    if (!emergency) {
      throw new CommandFailed(
          certificates
              ? "this revokes every certificate there is"
              : "this ends every task token there is",
          "add --emergency if a key may be in other hands; else `remit keys rotate`");
    }
    long started = System.nanoTime();
    var done = post(path(certificates, "roll"), reason);
    long millis = (System.nanoTime() - started) / 1_000_000;
    var out = terminal.out();
    out.println(
        "revoked    %d keys, and all that they signed (%d ms)"
            .formatted(done.path("revoked").size(), millis));
    out.println("signs now  " + done.path("kid").asString(done.path("id").asString("")));
    out.println("next       remit findings");
    return 0;
  }

  private static String path(boolean certificates, String what) {
    return (certificates ? "/v1/authorities/" : "/v1/keys/") + what;
  }

  private JsonNode post(String path, String reason) {
    var body = JsonMapper.shared().createObjectNode().put("reason", reason);
    return RemitClient.of(terminal).post(path, body);
  }
}
