package dev.remit.cli.offline;

import dev.remit.cli.CommandFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `java -jar remit-verify.jar`: `remit verify` for somebody who has a Java runtime and nothing of
/// Remit. Opens no connection.
///
/// Exit code 0 when everything holds, 1 when something does not, 2 when nothing could be verified.
public final class OfflineMain {
  private static final String USAGE =
      """
      Verifies evidence of Remit, without a server and without a network.

        java -jar remit-verify.jar FILE|DIR [--key KEY|FILE] [--entry FILE]
             [--tsa-certificate FILE] [--seen [RESOURCE=]FILE] [--seen-count TOOL=N] [--json]

      FILE  an evidence bundle (zip), a receipt, or receipts that `remit connect` kept
      DIR   what `remit ledger export` wrote
      --key    the log's public key, or a file of them, from a source that you trust;
               else the key that came with the bundle or the export is believed, and said so
      --entry  with a receipt: the entry's bytes that it must be for
      --tsa-certificate  what a timestamp authority signs with: believe its timestamps
      --seen   with a bundle: a log of the server RESOURCE, or of all, that names the decisions
               which arrived there (header Remit-Decision); may be given several times
      --seen-count  how many calls of a tool (RESOURCE/TOOL) its server has counted
      --json   print the answer as JSON
      """;

  private final ArrayDeque<String> rest;
  private @Nullable String target;
  private @Nullable Keys keys;
  private byte @Nullable [] entry;
  private Authorities authorities = Authorities.NONE;
  private final List<String> seen = new ArrayList<>();
  private final List<String> counts = new ArrayList<>();
  private boolean json;

  private OfflineMain(List<String> arguments) {
    this.rest = new ArrayDeque<>(arguments);
  }

  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(List.of(arguments), out, err);
    out.flush();
    System.exit(status);
  }

  static int run(List<String> arguments, PrintWriter out, PrintWriter err) {
    if (arguments.isEmpty() || arguments.contains("--help")) {
      out.print(USAGE);
      return arguments.isEmpty() ? 2 : 0;
    }
    try {
      return new OfflineMain(arguments).run(out);
    } catch (CommandFailed e) {
      err.println("error: " + e.getMessage());
      e.remedy().ifPresent(remedy -> err.println("hint: " + remedy));
      return 2;
    }
  }

  private int run(PrintWriter out) {
    while (!rest.isEmpty()) {
      read(rest.pop());
    }
    if (target == null) {
      throw new CommandFailed("nothing to verify is named", "name a file or a directory");
    }
    var verifier =
        new Verifier(keys, entry, OfflineMain::noKeys, List.of(), List.of(), authorities);
    var where = target;
    var answer =
        SeenFiles.named(seen, counts, Path::of)
            .map(compared -> verifier.verify(Path.of(where), where, compared))
            .orElseGet(() -> verifier.verify(Path.of(where), where));
    if (json) {
      out.println(
          JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(answer.json()));
    } else {
      answer.print(out);
    }
    return answer.holds() ? 0 : 1;
  }

  private void read(String argument) {
    switch (argument) {
      case "--json" -> json = true;
      case "--key" -> {
        var named = value(argument);
        keys = Keys.named(named, Path.of(named));
      }
      case "--tsa-certificate" -> {
        var named = value(argument);
        authorities = Authorities.named(named, Path.of(named));
      }
      case "--seen" -> seen.add(value(argument));
      case "--seen-count" -> counts.add(value(argument));
      case "--entry" -> entry = bytes(value(argument));
      default -> {
        if (argument.startsWith("--") || target != null) {
          throw new CommandFailed("`" + argument + "` is not understood", "see --help");
        }
        target = argument;
      }
    }
  }

  private String value(String option) {
    if (rest.isEmpty()) {
      throw new CommandFailed("`" + option + "` needs a value", "see --help");
    }
    return rest.pop();
  }

  private static Keys noKeys() {
    throw new CommandFailed(
        "a receipt brings no public key with it", "name the log's key with --key");
  }

  private static byte[] bytes(String name) {
    try {
      return Files.readAllBytes(Path.of(name));
    } catch (IOException e) {
      throw new CommandFailed("cannot read `" + name + "`", "name the file of an entry", e);
    }
  }
}
