package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Output;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Terminal;
import dev.remit.kernel.evidence.BundleAudit;
import dev.remit.kernel.evidence.BundleParts;
import dev.remit.kernel.ledger.LedgerAudit;
import dev.remit.kernel.ledger.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "argument: exports from the server into a temporary directory and verifies that.",
      "",
      "Says what it proved and what it could not. Exit code 1, with the place of the first entry",
      "concerned, when something does not hold."
    })
public final class VerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

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

  @Mixin private final Output output;

  public VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public Integer call() {
    if (target == null) {
      return verifyServer();
    }
    var path = terminal.resolve(target);
    if (Files.isDirectory(path)) {
      return verifyDirectory(path);
    }
    return isZip(path) ? verifyBundle(path) : verifyReceipt(receiptText(target, path));
  }

  private int verifyServer() {
    var directory = temporary();
    try {
      new LedgerExport(RemitClient.of(terminal), directory).run();
      return verifyDirectory(directory);
    } finally {
      delete(directory);
    }
  }

  private int verifyDirectory(Path directory) {
    var files = new DirectoryFiles(directory);
    var keys =
        given()
            .orElseGet(() ->
                Keys.parse(
                    files.read("keys").map(VerifyCommand::utf8).orElse(""),
                    "the export itself",
                    false));
    var brought = new Brought(terminal);
    var trusted = brought.witnesses(witnesses);
    var report = LedgerAudit.of(files, keys.keys(), trusted, brought.held(held));
    var answer = new LedgerAnswer(report, keys, trusted.size());
    output.print(answer.json(), answer::print);
    return answer.holds() ? 0 : 1;
  }

  private static boolean isZip(Path path) {
    try (var in = Files.newInputStream(path)) {
      return in.read() == 'P' && in.read() == 'K';
    } catch (IOException e) {
      return false; // reading it as a receipt says what is wrong
    }
  }

  private int verifyBundle(Path path) {
    try (var parts = new ZipParts(path)) {
      var keys = given().orElseGet(() -> Keys.parse(own(parts), "the bundle itself", false));
      var answer = new BundleAnswer(BundleAudit.of(parts, keys.keys()), keys);
      output.print(answer.json(), answer::print);
      return answer.holds() ? 0 : 1;
    } catch (UncheckedIOException e) {
      throw new CommandFailed(
          "`" + target + "` cannot be read: " + e.getCause(), "ask for the bundle again", e);
    }
  }

  private static String own(ZipParts parts) {
    try (var in = parts.open(BundleParts.KEYS).orElse(InputStream.nullInputStream())) {
      return utf8(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int verifyReceipt(String text) {
    return KeptReceipts.isIn(text) ? verifyKept(text) : verifyOne(receipt(text.strip()));
  }

  private int verifyOne(Receipt receipt) {
    var answer =
        new ReceiptAnswer(receipt, receiptKeys(), Optional.ofNullable(entry).map(this::bytes));
    output.print(answer.json(), answer::print);
    return answer.holds() ? 0 : 1;
  }

  private int verifyKept(String text) {
    var answer = new KeptReceipts(KeptReceipts.parse(text), receiptKeys());
    output.print(answer.json(), answer::print);
    return answer.holds() ? 0 : 1;
  }

  private Keys receiptKeys() {
    return given()
        .orElseGet(() ->
            Keys.parse(
                utf8(RemitClient.of(terminal).bytes("/v1/ledger/keys")), "the server", false));
  }

  private Receipt receipt(String text) {
    try {
      return text.startsWith("c2sp.org/") ? Receipt.ofText(text + "\n") : Receipt.ofHeader(text);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          "`" + target + "` is not a receipt: " + e.getMessage(),
          "pass what /v1/receipts/ID gives, or the header Remit-Receipt",
          e);
    }
  }

  private Optional<Keys> given() {
    return Optional.ofNullable(key)
        .map(named -> {
          var path = terminal.resolve(named);
          var text = Files.isRegularFile(path) ? utf8(bytes(named)) : named;
          return Keys.parse(text, "--key", true);
        });
  }

  private String receiptText(String name, Path path) {
    try {
      return name.equals("-") ? utf8(terminal.in().readAllBytes()) : utf8(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new CommandFailed(
          "cannot read `" + name + "`", "name a directory that was exported, or a receipt", e);
    }
  }

  private byte[] bytes(String name) {
    try {
      return Files.readAllBytes(terminal.resolve(name));
    } catch (IOException e) {
      throw new CommandFailed("cannot read `" + name + "`", "", e);
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
