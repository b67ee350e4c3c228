package dev.remit.cli.connect;

import dev.remit.cli.CommandFailed;
import dev.remit.cli.Home;
import dev.remit.cli.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs an agent whose questions to models and calls of tools are one task.
@Command(
    name = "run",
    header = "Run an agent that asks models and calls tools, in one task.",
    description = {
      "Starts a task, serves its models and servers at a local address that adds the task's tokens",
      "and keeps them fresh, runs COMMAND, and completes the task when it ends. A call that a",
      "model has proposed is then recorded with the proposal that it follows.",
      "",
      "COMMAND finds in its environment OPENAI_BASE_URL and OPENAI_API_KEY (--openai),",
      "ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY (--anthropic), which the official clients read by",
      "themselves, and for each server of --tools its address in REMIT_MCP_NAME, as",
      "REMIT_MCP_FILES. The keys mean nothing: the local address has the tokens, and whoever can",
      "reach it on this machine acts as the identity while COMMAND runs.",
    },
    footer = {
      "",
      "Example:",
      "  remit run --openai openai --tools files --tools crm -- node agent.mjs"
    })
public final class RunCommand implements Callable<Integer> {
  private static final String NO_KEY = "remit";

  private final Terminal terminal;

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "What to run, after `--`.")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--openai",
      paramLabel = "RESOURCE",
      description = "Where it asks models by OpenAI's API.")
  private @Nullable String openai;

  @Option(
      names = "--anthropic",
      paramLabel = "RESOURCE",
      description = "Where it asks models by Anthropic's API.")
  private @Nullable String anthropic;

  @Option(
      names = "--tools",
      paramLabel = "RESOURCE",
      description = "An MCP server whose tools it calls; repeatable.")
  private List<String> tools = new ArrayList<>();

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

  public RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var resources = resources();
    if (resources.isEmpty()) {
      throw new CommandFailed(
          "nothing is said of what it may reach",
          "name its models with --openai or --anthropic, its servers with --tools");
    }
    var tokens = new Acting(terminal, identity, intent).tokens(resources);
    // Before the command runs: what cannot begin should not begin halfway.
    tokens.getFirst().token();
    var doors = doors(tokens);
    var front =
        LocalFront.open(
            "127.0.0.1:0", path -> Optional.ofNullable(doors.get(door(path))), terminal.err());
    var serving = Thread.ofVirtual().name("front").start(front::serve);
    var farewell = new Thread(() -> complete(tokens.getFirst()), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      return Child.run(command, variables(front.uri().toString()));
    } finally {
      front.stop();
      serving.interrupt();
      complete(tokens.getFirst());
    }
  }

  private List<String> resources() {
    var resources = new LinkedHashSet<String>();
    Optional.ofNullable(openai).ifPresent(resources::add);
    Optional.ofNullable(anthropic).ifPresent(resources::add);
    resources.addAll(tools);
    return List.copyOf(resources);
  }

  private Map<String, LocalFront.Door> doors(List<TaskToken> tokens) {
    var doors = new LinkedHashMap<String, LocalFront.Door>();
    for (var token : tokens) {
      var receipts = new ReceiptLog(Home.of(terminal).receipts(), token.resource());
      doors.put(token.resource(), new LocalFront.Door(token, receipts));
    }
    return doors;
  }

  /// Both kinds of addresses name the resource in second place: `/mcp/files`, `/llm/openai/v1/…`.
  private static String door(String path) {
    var parts = path.split("/", 4);
    return parts.length > 2 && List.of("mcp", "llm").contains(parts[1]) ? parts[2] : "";
  }

  private Map<String, String> variables(String base) {
    var variables = new LinkedHashMap<String, String>();
    if (openai != null) {
      variables.put("OPENAI_BASE_URL", base + "/llm/" + openai + "/v1");
      variables.put("OPENAI_API_KEY", NO_KEY);
    }
    if (anthropic != null) {
      variables.put("ANTHROPIC_BASE_URL", base + "/llm/" + anthropic);
      variables.put("ANTHROPIC_API_KEY", NO_KEY);
    }
    for (var server : tools) {
      var name = server.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
      variables.put("REMIT_MCP_" + name, base + "/mcp/" + server);
    }
    return variables;
  }

  /// Says nothing twice: a task that was completed has no token any more.
  private void complete(TaskToken token) {
    try {
      token.complete();
    } catch (CommandFailed e) {
      terminal.err().println("remit: the task could not be completed: " + StdioBridge.words(e));
    }
  }
}
