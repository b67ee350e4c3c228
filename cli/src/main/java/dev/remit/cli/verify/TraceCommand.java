package dev.remit.cli.verify;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.RemitClient;
import dev.remit.cli.Segment;
import dev.remit.cli.ServerCommand;
import dev.remit.cli.Terminal;
import dev.remit.cli.offline.BundleAnswer;
import dev.remit.cli.offline.Keys;
import dev.remit.cli.offline.ZipParts;
import dev.remit.kernel.canonical.CanonicalJson;
import dev.remit.kernel.evidence.BundleAudit;
import dev.remit.kernel.evidence.BundleParts;
import dev.remit.kernel.evidence.Trace;
import dev.remit.kernel.evidence.Trace.Link;
import dev.remit.kernel.ledger.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Follows one action, credential or approval in both directions, over evidence that it verifies
/// first: a bundle, or one that it asks the server for.
@Command(
    name = "trace",
    header = "Follow one call, token, task or approval to who answers for it, and to what it did.",
    description = {
      "Shows the chain behind it (owner, workflow, identity, grant, task, token, policies, approval",
      "with what it is bound to) and what came of it: of a token or task every use. Verifies the",
      "evidence first. With --bundle it needs no server.",
      "",
      "Prompts are shown as far as they pass by: prompts that were fetched, and what servers asked",
      "of the agent's model. What else a model was told is not seen.",
    },
    footer = {
      "",
      "Examples:",
      "  remit trace dec_01k…",
      "  remit trace 471 --bundle identity-invoice-agent.zip --key log.keys",
    })
public final class TraceCommand extends ServerCommand {
  @Parameters(
      paramLabel = "ID",
      description = "A decision, task, task token or approval, or the index of an entry.")
  private String id = "";

  @Option(
      names = "--bundle",
      paramLabel = "FILE",
      description = "The evidence bundle to look in; else the server is asked for the task's.")
  private @Nullable String bundle;

  @Option(
      names = "--key",
      paramLabel = "KEY|FILE",
      description = "The log's public key, or a file of them, from a source that you trust.")
  private @Nullable String key;

  public TraceCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (bundle != null) {
      return trace(terminal.resolve(bundle), "the bundle");
    }
    var file = fetched(server());
    try {
      return trace(file, "the evidence of its task");
    } finally {
      delete(file);
    }
  }

  private int trace(Path file, String where) {
    try (var parts = new ZipParts(file)) {
      var keys = keys(parts);
      var answer = new BundleAnswer(BundleAudit.of(parts, keys.keys(), List.of()), keys);
      if (!answer.holds()) {
        tell(answer.json(), answer::print);
        return 1;
      }
      var trace =
          Trace.in(parts, id)
              .orElseThrow(() ->
                  new CommandFailed(
                      "`" + id + "` is not in " + where,
                      "ask for a bundle of its workflow, and look in that with --bundle"));
      tell(json(trace, keys), out -> print(trace, keys, out));
      return 0;
    }
  }

  private Keys keys(BundleParts parts) {
    if (key != null) {
      return Keys.named(key, terminal.resolve(key));
    }
    try (var in = parts.open(BundleParts.KEYS).orElse(InputStream.nullInputStream())) {
      var own = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Keys.parse(own, "the bundle itself", false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bundle's keys", e);
    }
  }

  /// The evidence of the task that `id` belongs to.
  private Path fetched(RemitClient server) {
    var task = Segment.of(task(server));
    byte[] evidence = server.bytes("/v1/evidence?bodies=withheld&task=" + task);
    try {
      return Files.write(Files.createTempFile("remit-trace-", ".zip"), evidence);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the evidence in a temporary file", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }

  private String task(RemitClient server) {
    if (id.startsWith("task_")) {
      return id;
    }
    if (id.startsWith("cred_")) {
      return server.get("/v1/credentials/" + Segment.of(id)).path("task").asString("");
    }
    if (id.startsWith("apr_")) {
      return server.get("/v1/approvals/" + Segment.of(id)).path("task").asString("");
    }
    var entry = id.matches("\\d{1,15}") ? own(server) : recorded(server);
    var task = entry.path("task").asString("");
    if (task.isEmpty()) {
      throw new CommandFailed(
          "`" + id + "` is a " + entry.path("type").asString("") + ", which belongs to no task",
          "make a bundle with `remit evidence export`, and look in it with --bundle");
    }
    return task;
  }

  private JsonNode own(RemitClient server) {
    return entry(server, LedgerExport.OWN, Long.parseLong(id));
  }

  /// The entry that was recorded under the id, in whichever node's log it is: its receipt says.
  private JsonNode recorded(RemitClient server) {
    var text = new String(server.bytes("/v1/receipts/" + Segment.of(id)), StandardCharsets.UTF_8);
    var receipt = Receipt.ofText(text);
    var origin = receipt.checkpoint().origin();
    for (var log : server.get("/v1/logs").path("items")) {
      if (log.path("origin").asString("").equals(origin)) {
        var served = "/v1/logs/" + Segment.of(log.path("name").asString(""));
        return entry(server, served, receipt.index());
      }
    }
    throw new CommandFailed(
        "the receipt is of the log `" + origin + "`, which the server does not know",
        "ask a node of the deployment that recorded it");
  }

  private static JsonNode entry(RemitClient server, String log, long index) {
    var line = server.bytes(log + "/entries?limit=1&from=" + index);
    if (line.length == 0) {
      throw new CommandFailed("the log has no entry " + index, "name one that it has");
    }
    return CanonicalJson.parse(new String(line, StandardCharsets.UTF_8)).path("entry");
  }

  private static void print(Trace trace, Keys keys, PrintWriter out) {
    out.println(line(trace.subject()));
    out.println();
    out.println("rests on");
    trace.behind().forEach(link -> out.println("  " + line(link)));
    out.println();
    out.println(trace.after().isEmpty() ? "nothing is recorded of it later" : "and then");
    trace.after().forEach(link -> out.println("  " + line(link)));
    if (!keys.trusted()) {
      out.println();
      out.println("not proved: that the key is the log's: it came from " + keys.source());
    }
  }

  private static String line(Link link) {
    var whose = link.node().isEmpty() ? "" : " of " + link.node();
    var entry = link.entry().isPresent() ? " (entry " + link.entry().getAsLong() + whose + ")" : "";
    return link.what() + " ".repeat(Math.max(1, 18 - link.what().length())) + link.says() + entry;
  }

  private static JsonNode json(Trace trace, Keys keys) {
    var json = JsonNodeFactory.instance.objectNode();
    links(json.putArray("subject"), List.of(trace.subject()));
    links(json.putArray("behind"), trace.behind());
    links(json.putArray("after"), trace.after());
    json.put("keyFrom", keys.source());
    return json;
  }

  private static void links(ArrayNode into, List<Link> links) {
    for (var link : links) {
      var one = into.addObject().put("what", link.what()).put("says", link.says());
      link.entry().ifPresent(entry -> one.put("entry", entry));
      if (!link.node().isEmpty()) {
        one.put("node", link.node());
      }
    }
  }
}
