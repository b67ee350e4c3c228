package dev.remit.conformance.live;

import dev.remit.conformance.harness.Cli;
import dev.remit.conformance.harness.Declared;
import dev.remit.conformance.harness.HeldKey;
import dev.remit.conformance.harness.Home;
import dev.remit.conformance.harness.LocalFront;
import dev.remit.conformance.harness.RemitProcess;
import dev.remit.conformance.harness.StdioToolList;
import dev.remit.conformance.harness.Workload;
import dev.remit.conformance.node.NodeTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two npm servers behind Remit: `everything`, of which two tools are granted, and `files` (the
/// filesystem server on a folder with one file), which may be read and not written.
final class LiveWorld implements AutoCloseable {
  static final List<String> SERVERS = List.of("everything", "files");
  static final String TEXT = "an invoice\n";

  private static final String SPIFFE_ID = "spiffe://remit.local/trial/trial-agent";
  private static final String MODULES = "@modelcontextprotocol/";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final NodeTools.Ready node;
  private final Path shared;
  private final RemitProcess remit;
  private final Cli cli;
  private final Workload workload = Workload.fresh(SPIFFE_ID);

  LiveWorld(NodeTools.Ready node, Path folder) throws IOException {
    this.node = node;
    this.shared = Files.createDirectories(folder.resolve("shared"));
    Files.writeString(shared.resolve("invoice.txt"), TEXT);
    this.remit = RemitProcess.start(folder.resolve("data"));
    this.cli =
        Cli.of(
            Files.createDirectories(folder.resolve("agent")),
            remit.address(),
            remit.admin().token());
    declare();
  }

  private void declare() {
    remit
        .admin()
        .apply(
            Declared.agent(workload)
                + server("everything", List.of("echo", "get-sum"))
                + server("files", List.of("read_text_file", "list_directory"))
                + Declared.allowAll());
    HeldKey.write(cli, "trial-agent", "try", workload);
  }

  private String server(String name, List<String> granted) {
    var command = serverCommand(name);
    var stdio = JSON.createObjectNode().put("command", command.getFirst());
    var arguments = stdio.putArray("args");
    command.subList(1, command.size()).forEach(arguments::add);
    var upstream = JSON.createObjectNode();
    upstream.set("stdio", stdio);
    return Declared.resource(name, upstream.toString(), StdioToolList.of(command))
        + Declared.grant(name, granted);
  }

  private List<String> serverCommand(String name) {
    return name.equals("files")
        ? node.command(MODULES + "server-filesystem/dist/index.js", List.of(shared.toString()))
        : node.command(MODULES + "server-everything/dist/index.js", List.of("stdio"));
  }

  Path file(String name) {
    return shared.resolve(name);
  }

  RemitProcess remit() {
    return remit;
  }

  Cli cli() {
    return cli;
  }

  /// Opens a local URL for a client that wants one.
  LocalFront front(String server) {
    return LocalFront.open(cli, server, "trial-agent");
  }

  /// The command that a client's configuration would name.
  List<String> bridge(String server) {
    return Cli.command(List.of("connect", server, "--identity", "trial-agent"));
  }

  /// Runs the SDK's client and returns what it printed.
  JsonNode sdk(JsonNode target, String calls) throws IOException, InterruptedException {
    var script = Home.directory().resolve("conformance/target/node/sdk-client.mjs");
    return run(List.of(node.node().toString(), script.toString(), target.toString(), calls));
  }

  /// Runs the Inspector's command line and returns what it printed.
  JsonNode inspector(List<String> arguments) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("--cli"));
    all.addAll(arguments);
    return run(node.command(MODULES + "inspector/clients/launcher/build/index.js", all));
  }

  /// A target that presents the token of a task which narrowed itself to some tools.
  JsonNode narrowed(String server, List<String> tools) {
    var token = workload.start(remit.address(), server, "try", tools);
    var target = JSON.createObjectNode().put("url", remit.address() + "/mcp/" + server);
    target.putObject("headers").put("Authorization", "Bearer " + token.value());
    return target;
  }

  JsonNode url(LocalFront front) {
    return JSON.createObjectNode().put("url", front.url().toString());
  }

  JsonNode stdio(String server) {
    var command = bridge(server);
    var target = JSON.createObjectNode().put("command", command.getFirst());
    var arguments = target.putArray("args");
    command.subList(1, command.size()).forEach(arguments::add);
    var environment = target.putObject("env");
    environment().forEach(environment::put);
    return target;
  }

  Map<String, String> environment() {
    return cli.environment();
  }

  /// Returns every receipt that was handed to an agent.
  List<String> receipts() throws IOException {
    var folder = Path.of(cli.environment().getOrDefault("REMIT_HOME", "")).resolve("receipts");
    var receipts = new ArrayList<String>();
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        for (var line : Files.readAllLines(file)) {
          receipts.add(JSON.readTree(line).get("receipt").stringValue());
        }
      }
    }
    return receipts;
  }

  private JsonNode run(List<String> command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).directory(cli.folder().toFile());
    builder.environment().putAll(environment());
    builder.redirectError(cli.folder().resolve("client.log").toFile());
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException("the client did not end");
    }
    int begin = output.indexOf('{');
    if (begin < 0) {
      throw new IllegalStateException(
          "the client gave no JSON, but `%s` and %s"
              .formatted(output, Files.readString(cli.folder().resolve("client.log"))));
    }
    return JSON.readTree(output.substring(begin));
  }

  @Override
  public void close() {
    remit.close();
  }
}
