package dev.remit.conformance.tour;

import dev.remit.conformance.harness.Cli;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// An agent with an ordinary MCP client: it reads `.mcp.json` and knows nothing of Remit.
///
/// The client is the official MCP Java SDK's, unmodified.
final class Agent implements AutoCloseable {
  private final McpSyncClient client;
  private final AtomicInteger progress = new AtomicInteger();

  /// Connects to one server of an MCP client configuration, as any client would.
  Agent(Path configuration, String server, Cli environment) {
    var parameters = parameters(configuration, server, environment);
    client =
        McpClient.sync(new StdioClientTransport(parameters, McpJsonDefaults.getMapper()))
            .clientInfo(McpSchema.Implementation.builder("tour-agent", "1.0.0").build())
            .requestTimeout(Duration.ofSeconds(90))
            .initializationTimeout(Duration.ofSeconds(30))
            .progressConsumer(_ -> progress.incrementAndGet())
            .build();
    client.initialize();
  }

  List<String> tools() {
    return client.listTools().tools().stream().map(McpSchema.Tool::name).sorted().toList();
  }

  Answer call(String tool, String argument, String value) {
    return answer(CallToolRequest.builder(tool).arguments(Map.of(argument, value)).build());
  }

  /// The same, asking to be told of progress.
  Answer watch(String tool, String argument, String value) {
    return answer(
        CallToolRequest.builder(tool)
            .arguments(Map.of(argument, value))
            .progressToken("watching")
            .build());
  }

  /// How many progress notifications have arrived so far.
  int progress() {
    return progress.get();
  }

  @Override
  public void close() {
    client.closeGracefully();
  }

  private Answer answer(CallToolRequest request) {
    try {
      CallToolResult result = client.callTool(request);
      var text =
          result.content().stream()
              .filter(McpSchema.TextContent.class::isInstance)
              .map(content -> ((McpSchema.TextContent) content).text())
              .collect(Collectors.joining("\n"));
      return new Answer(!Boolean.TRUE.equals(result.isError()), text);
    } catch (RuntimeException e) {
      // The SDK throws a JSON-RPC error; to the agent it is an answer like any other.
      return new Answer(false, String.valueOf(e.getMessage()));
    }
  }

  private static ServerParameters parameters(Path configuration, String server, Cli environment) {
    try {
      var entry =
          JsonMapper.shared()
              .readTree(Files.readString(configuration))
              .get("mcpServers")
              .get(server);
      var arguments = new ArrayList<String>();
      entry.path("args").forEach(argument -> arguments.add(argument.stringValue()));
      var command = command(entry.get("command").stringValue(), arguments);
      return ServerParameters.builder(command.getFirst())
          .args(command.subList(1, command.size()))
          .env(environment.environment())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("read " + configuration, e);
    }
  }

  /// The tour runs from a checkout, where `remit` need not be on the path yet.
  private static List<String> command(String command, List<String> arguments) {
    if (command.equals("remit")) {
      return Cli.command(arguments);
    }
    var whole = new ArrayList<>(List.of(command));
    whole.addAll(arguments);
    return whole;
  }

  /// What the agent was told.
  ///
  /// @param good whether the tool answered without an error
  record Answer(boolean good, String text) {}
}
