package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import dev.remit.cli.offline.Answer;
import dev.remit.cli.offline.Authorities;
import dev.remit.cli.offline.Keys;
import dev.remit.cli.offline.SeenFiles;
import dev.remit.cli.offline.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Verifies a ledger or a receipt.
@Command(
    name = "verify",
    header = "Verify the ledger, an export of it, an evidence bundle, or a receipt.",
    description = {
      "With a directory: verifies what `remit ledger export` wrote. With a zip: an evidence bundle.",
      "With another file: a receipt, as text or as in the header Remit-Receipt, or all that",
      "`remit connect` kept; `-` reads it from standard input. None needs a server. Without an",
      "argument: exports from the server into a temporary directory and verifies that; with",
      "--state it then replays the log against the server's tables, row by row.",
      "",
      "Says what it proved and what it could not. Exit code 1, with the place of the first entry",
      "concerned, when something does not hold."
    })
public final class VerifyCommand extends ServerCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "DIR|FILE",
      description = "An export, a receipt, or `-` for a receipt on standard input.")
  private @Nullable String target;

  @Option(
      names = "--key",
      paramLabel = "KEY|FILE",
      description = {
        "The log's public key, or a file of them, one a line, from a source that you trust.",
        "Else the key that came with the export (or the server's) is believed, and said so."
      })
  private @Nullable String key;

  @Option(
      names = "--entry",
      paramLabel = "FILE",
      description = "With a receipt: the entry's bytes that it must be for.")
  private @Nullable String entry;

  @Option(
      names = "--witness",
      paramLabel = "KEY|FILE",
      description = {
        "The public key of a witness whom you trust, or a file of them; may be given several times.",
        "Once two of them have cosigned, the ledger is called witnessed."
      })
  private List<String> witnesses = List.of();

  @Option(
      names = "--held",
      paramLabel = "FILE",
      description = {
        "With a ledger: a receipt or checkpoint from before, which it must still agree with; may be",
        "given several times. Finds a log that was set back, or that tells two stories."
      })
  private List<String> held = List.of();

  @Option(
      names = "--state",
      description = {
        "Compare the server's tables with its log: what is declared,",
        "approvals, keys, secrets, standings, tasks, operators.",
        "Names every row that disagrees."
      })
  private boolean state;

  @Option(
      names = "--tsa-certificate",
      paramLabel = "FILE",
      description = {
        "The certificate that a timestamp authority signs with, as PEM: its timestamps are believed.",
        "Without it they are compared with the checkpoints, and said not to be proved."
      })
  private @Nullable String authority;

  @Option(
      names = "--seen",
      paramLabel = "[RESOURCE=]FILE",
      description = {
        "With an evidence bundle: a log of the server behind RESOURCE, or of all servers, that",
        "names the decisions which arrived there (header Remit-Decision), in whatever text; may be",
        "given several times. Names what was seen without a decision, and what was sent unseen."
      })
  private List<String> seen = List.of();

  @Option(
      names = "--seen-count",
      paramLabel = "TOOL=N",
      description = "The same by number: how many calls of RESOURCE/TOOL its server has counted.")
  private List<String> counts = List.of();

  @Option(
      names = "--gate",
      description = {
        "With an evidence bundle of a workflow: ask the promotion gate again, of the bundle alone,",
        "and compare with what was recorded when its promotion was asked for."
      })
  private boolean gate;

  public VerifyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (state) {
      return verifyState();
    }
    if (gate) {
      if (target == null) {
        throw new CommandFailed(
            "--gate is asked of an evidence bundle",
            "name what `remit evidence export --workflow` has written");
      }
      return said(verifier().verifyGate(terminal.resolve(target), target));
    }
    var compared = SeenFiles.named(seen, counts, terminal::resolve);
    if (target == null) {
      if (compared.isPresent()) {
        throw new CommandFailed(
            "--seen compares an evidence bundle", "name what `remit evidence export` has written");
      }
      return verifyServer();
    }
    if (compared.isPresent()) {
      return said(verifier().verify(terminal.resolve(target), target, compared.get()));
    }
    return said(
        target.equals("-")
            ? verifier().receipts(standardInput(), target)
            : verifier().verify(terminal.resolve(target), target));
  }

  private int verifyServer() {
    var directory = temporary();
    try {
      new LedgerExport(server(), LedgerExport.OWN, directory).run();
      return said(verifier().verify(directory, "the export"));
    } finally {
      delete(directory);
    }
  }

  private int verifyState() {
    if (target != null || entry != null) {
      throw new CommandFailed(
          "--state compares a running server's tables", "leave out what else is named");
    }
    var directory = temporary();
    try {
      var server = server();
      var answer = new StateVerification(server, directory, verifier()).run(Instant.now());
      tell(answer.json(), answer::print);
      return answer.holds() ? 0 : 1;
    } finally {
      delete(directory);
    }
  }

  private int said(Answer answer) {
    tell(answer.json(), answer::print);
    return answer.holds() ? 0 : 1;
  }

  private Verifier verifier() {
    var brought = new Brought(terminal);
    return new Verifier(
        key == null ? null : Keys.named(key, terminal.resolve(key)),
        entry == null ? null : bytes(entry),
        () -> Keys.parse(utf8(server().bytes("/v1/ledger/keys")), "the server", false),
        brought.witnesses(witnesses),
        brought.held(held),
        authority == null
            ? Authorities.NONE
            : Authorities.named(authority, terminal.resolve(authority)));
  }

  private String standardInput() {
    try {
      return utf8(terminal.in().readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("read standard input", e);
    }
  }

  private byte[] bytes(String name) {
    try {
      return Files.readAllBytes(terminal.resolve(name));
    } catch (IOException e) {
      throw new CommandFailed("cannot read `" + name + "`", "name the file of an entry", e);
    }
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("remit-verify-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary directory", e);
    }
  }

  private static void delete(Path directory) {
    try (var paths = Files.walk(directory)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + directory, e);
    }
  }
}
