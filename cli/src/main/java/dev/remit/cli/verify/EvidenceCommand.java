package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.CommandGroup;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.Terminal;
import dev.remit.cli.offline.ZipParts;
import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.evidence.BundleParts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Answers an auditor's question with something that they can verify.
@Command(
    name = "evidence",
    header = "Answer what a workflow, an identity or a task did, verifiably.",
    description = "A bundle is one zip that `remit verify` checks with no server and no network.")
public final class EvidenceCommand implements Runnable, CommandGroup {
  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  public EvidenceCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Map<String, Object> commands() {
    return Map.of("export", new Export(terminal));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say what: export");
  }

  /// Downloads a bundle.
  @Command(
      name = "export",
      header = "Make a bundle: who was answerable, what was done, who approved it, how it ended.",
      description = {
        "Holds the entries with their proofs, what was declared, the public keys and an answer in",
        "words (`answer.md`). What agents sent stays closed unless --open is given.",
      })
  static final class Export implements Callable<Integer> {
    private final Terminal terminal;

    @ArgGroup(multiplicity = "1")
    private Subject subject = new Subject();

    @Option(
        names = "--from",
        paramLabel = "TIME",
        description = "From this day or moment (UTC); by default from the beginning.")
    private String from = "";

    @Option(
        names = "--to",
        paramLabel = "TIME",
        description = "To before this day or moment (UTC); by default to now.")
    private String to = "";

    @Option(
        names = "--open",
        description = "With what agents sent, in the clear; for auditors and security.")
    private boolean open;

    @Option(
        names = "--size",
        paramLabel = "N",
        description = "Prove it against the checkpoint of so many entries, to make a bundle again.")
    private String size = "";

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "Where to write it; by default named after the subject.")
    private String file = "";

    /// What it is about; exactly one.
    static final class Subject {
      @Option(names = "--workflow", paramLabel = "NAME", description = "About a workflow.")
      private @Nullable String workflow;

      @Option(names = "--identity", paramLabel = "NAME", description = "About one identity.")
      private @Nullable String identity;

      @Option(names = "--task", paramLabel = "ID", description = "About one task.")
      private @Nullable String task;

      private Map.Entry<String, String> named() {
        if (workflow != null) {
          return Map.entry("workflow", workflow);
        }
        return identity != null
            ? Map.entry("identity", identity)
            : Map.entry("task", task == null ? "" : task);
      }
    }

    Export(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      var named = subject.named();
      var bundle = RemitClient.of(terminal).bytes("/v1/evidence?" + query(named));
      var name = file.isEmpty() ? named.getKey() + "-" + named.getValue() + ".zip" : file;
      try {
        Files.write(terminal.resolve(name), bundle);
      } catch (IOException e) {
        throw new CommandFailed("cannot write `" + name + "`", "name another with --file", e);
      }
      terminal
          .out()
          .println(
              "wrote "
                  + name
                  + " ("
                  + (bundle.length + 1023) / 1024
                  + " KiB); check it with `remit verify "
                  + name
                  + "`");
      terminal.out().println(complete(terminal.resolve(name)));
      return 0;
    }

    /// What the bundle says of itself; `remit verify` computes it again.
    private static String complete(Path bundle) {
      try (var parts = new ZipParts(bundle);
          var in = parts.open(BundleParts.COMPLETENESS).orElseGet(InputStream::nullInputStream)) {
        var said = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        var json = CanonicalJson.parse(said);
        return "%.2f %% of %,d that was begun is seen to have ended, %,d gaps"
            .formatted(
                json.path("figure").asLong(0) / 100.0,
                json.path("begun").asLong(0),
                json.path("gaps").asLong(0));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read what was written", e);
      }
    }

    private String query(Map.Entry<String, String> named) {
      var query = new ArrayList<String>();
      query.add(named.getKey() + "=" + Segment.of(named.getValue()));
      query.add("bodies=" + (open ? "opened" : "withheld"));
      Map.of("from", from, "to", to, "size", size)
          .forEach((key, value) -> {
            if (!value.isEmpty()) {
              query.add(key + "=" + Segment.of(value));
            }
          });
      return String.join("&", query);
    }
  }
}
