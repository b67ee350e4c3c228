package dev.remit.conformance.tour;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Shows the main job from nothing, with everything real, and checks that it went as told.
///
/// The path is a new user's: an MCP client configuration with a password in it, `remit init`,
/// `remit apply`, and then the same client again. What follows is what they came for: a call
/// allowed, one denied with its reason, one held for a second person, one cut by the kill switch,
/// and the proof of it all, checked after the server is gone.
public final class Tour {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String IDENTITY = "billing-agent";
  private static final int CHANGED = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Story story;
  private final Path folder;
  private final RemitProcess remit;
  private final Cli cli;
  private final Invoices invoices;

  private Tour(Story story, Path folder, RemitProcess remit) throws SQLException, IOException {
    this.story = story;
    this.folder = folder;
    this.remit = remit;
    this.cli = Cli.of(folder, remit.address(), remit.admin().token());
    this.invoices = Invoices.inPrivateDatabase(remit.data());
  }

  /// Tells the story on `out`.
  ///
  /// @return what did not go as told; empty if everything did
  public static List<String> tell(PrintStream out) {
    var story = new Story(out);
    try {
      var folder = Files.createTempDirectory("remit-tour-");
      // The database's own account must be able to pass through to its part of the data.
      folder.toFile().setExecutable(true, false);
      story.chapter("Remit starts, with a private PostgreSQL, in a folder that is thrown away");
      story.types("remit serve --data " + folder.resolve("data"));
      long start = System.nanoTime();
      try (var remit = RemitProcess.start(folder.resolve("data"))) {
        story.claims("it is ready after " + millisSince(start) + " ms", true);
        new Tour(story, folder, remit).tellAll();
      } finally {
        delete(folder);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the tour's database failed", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the tour could not use its folder", e);
    }
    return story.broken();
  }

  private void tellAll() throws IOException, SQLException {
    var configuration = aClientConfiguration();
    takenOver(configuration);
    declared();
    try (var agent = new Agent(configuration, "invoices", cli)) {
      allowed(agent);
      denied(agent);
      held(agent);
      cut(agent);
    }
    proven();
  }

  private Path aClientConfiguration() throws IOException {
    story.chapter("An agent's MCP client has a server configured, its password in the file");
    var configuration = folder.resolve(".mcp.json");
    var json = JSON.createObjectNode();
    var server = json.putObject("mcpServers").putObject("invoices");
    server.put("command", Home.java());
    var arguments = server.putArray("args");
    Home.ownClasses().forEach(arguments::add);
    arguments.add(InvoiceServer.class.getName());
    var environment = server.putObject("env");
    environment.put(InvoiceServer.URL, invoices.url());
    environment.put(InvoiceServer.PASSWORD, invoices.password());
    Files.writeString(configuration, json.toPrettyString());
    story.says(shortened(json));
    return configuration;
  }

  private void takenOver(Path configuration) throws IOException {
    story.chapter("Remit takes it over: tools listed, secret moved, one line changed");
    story.types("remit init --from .mcp.json --name billing --write");
    var init = run("init", "--from", ".mcp.json", "--name", "billing", "--write");
    story.says(init.output());
    var rewritten = Files.readString(configuration);
    story.claims(
        "the client's configuration now starts `remit connect`", rewritten.contains("connect"));
    story.claims("the password is no longer in it", !rewritten.contains(invoices.password()));
  }

  private void declared() throws IOException {
    story.chapter("A second person and the house rules are declared beside it, and applied");
    Files.writeString(
        folder.resolve("remit").resolve("house-rules.yaml"),
        """
        apiVersion: remit.dev/v1
        kind: Person
        metadata: {name: bob}
        spec:
          displayName: Bob
          email: bob@example.org
          roles: [approver]
        ---
        apiVersion: remit.dev/v1
        kind: Policy
        metadata: {name: payments-need-a-second-person}
        spec:
          description: A payment cannot be undone, so somebody else agrees to each one.
          cedar: |
            @hold("approver")
            forbid (principal, action, resource == Tool::"invoices/pay_invoice")
            unless { context.approved };
        ---
        apiVersion: remit.dev/v1
        kind: Policy
        metadata: {name: nobody-deletes-invoices}
        spec:
          description: Invoices are kept for ten years.
          cedar: |
            forbid (principal, action, resource == Tool::"invoices/delete_invoices");
        """);
    story.types("remit apply -f remit");
    var applied = cli.run("apply", "-f", "remit");
    story.says(applied.output());
    story.claims("it was applied, at once and whole", applied.status() == CHANGED);
  }

  private void allowed(Agent agent) {
    story.chapter("The agent lists its tools and reads invoices: allowed");
    story.says("tools: " + String.join(", ", agent.tools()));

    var answer = agent.call("find_invoices", "customer", "acme");

    story.says(answer.text());
    story.claims(
        "the rows come from the database", answer.good() && answer.text().contains("2026-001"));
  }

  private void denied(Agent agent) throws SQLException {
    story.chapter("It tries to delete them: denied, with the reason");

    var answer = agent.call("delete_invoices", "customer", "acme");

    story.says(answer.text());
    story.claims("the call was refused", !answer.good());
    story.claims("the reason names the policy", answer.text().contains("nobody-deletes-invoices"));
    story.claims("all four invoices are still there", invoices.count() == 4);
    story.types("remit explain last");
    story.says(run("explain", "last").output());
  }

  private void held(Agent agent) throws SQLException {
    story.chapter("It pays one: held, until a second person agrees");

    var call = CompletableFuture.supplyAsync(() -> agent.call("pay_invoice", "number", "2026-002"));
    var approval = awaitApproval();

    story.claims("nothing was paid while it waits", invoices.payments("2026-002") == 0);
    var own = cli.run("approve", approval, "--reason", "mine");
    story.says(own.output());
    story.claims("the identity's own owner may not agree", own.status() != 0);
    var bob = cli.as(remit.admin().person("bob").token());
    story.types("remit approve " + approval + " --reason 'matches the order'   (as bob)");
    story.says(bob.run("approve", approval, "--reason", "matches the order").output());
    var answer = joined(call);
    if (!answer.good() && answer.text().contains(approval)) {
      answer = agent.call("pay_invoice", "number", "2026-002");
    }
    story.says(answer.text());
    story.claims("it was paid, exactly once", invoices.payments("2026-002") == 1);
  }

  private void cut(Agent agent) {
    story.chapter("It watches payments; its owner pulls the switch in mid-stream");
    var watching =
        CompletableFuture.supplyAsync(() -> agent.watch("watch_payments", "customer", "acme"));
    story.claims("progress is streaming", await(() -> agent.progress() >= 3));
    long start = System.nanoTime();
    story.types("remit suspend identity " + IDENTITY + " --reason 'odd payments'");
    story.says(run("suspend", "identity", IDENTITY, "--reason", "odd payments").output());

    var answer = joined(watching);

    story.says(answer.text());
    story.claims(
        "the stream was cut " + millisSince(start) + " ms after the command was typed",
        !answer.good());
    var next = agent.call("find_invoices", "customer", "acme");
    story.says(next.text());
    story.claims("its next call is refused", !next.good());
  }

  private void proven() throws IOException {
    story.chapter("The server is gone; what it did is checked without it");
    story.types("remit ledger export evidence");
    run("ledger", "export", "evidence");
    int status = remit.stop();
    story.claims("the server shut down cleanly", status == 0);
    story.types("remit verify evidence");
    story.says(run("verify", "evidence").output());
    var receipts = folder.resolve("home").resolve("receipts");
    try (var files = Files.list(receipts)) {
      for (var file : files.sorted().toList()) {
        story.types("remit verify receipts/" + file.getFileName() + " --key evidence/keys");
        story.says(run("verify", file.toString(), "--key", "evidence/keys").output());
      }
    }
  }

  private String awaitApproval() {
    var found = new String[] {""};
    await(() -> {
      var pending = remit.admin().get("/v1/approvals?state=pending");
      found[0] = pending.at("/approvals/0/id").asString("");
      return !found[0].isEmpty();
    });
    story.claims("the call is held as " + found[0], !found[0].isEmpty());
    return found[0];
  }

  /// Runs a command that must succeed.
  private Cli.Said run(String... arguments) {
    var said = cli.run(arguments);
    if (said.status() != 0) {
      story.says(said.output());
      story.claims("`remit " + arguments[0] + "` succeeds", false);
    }
    return said;
  }

  private static boolean await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (condition.getAsBoolean()) {
        return true;
      }
      try {
        Thread.sleep(25);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return false;
  }

  private static Agent.Answer joined(CompletableFuture<Agent.Answer> call) {
    try {
      return call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Agent.Answer(false, "interrupted");
    } catch (ExecutionException | TimeoutException e) {
      return new Agent.Answer(false, "no answer: " + e);
    }
  }

  private static String shortened(ObjectNode json) {
    return json.toPrettyString()
        .lines()
        .map(line -> line.length() <= 90 ? line : line.substring(0, 87) + "…")
        .reduce("", (a, b) -> a.isEmpty() ? b : a + "\n" + b);
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
