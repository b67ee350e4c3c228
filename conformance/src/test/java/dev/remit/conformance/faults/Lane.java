package dev.remit.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Workload.TaskToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// One task that makes one call after another, each with a number of its own, until all are made or
/// the server is gone.
final class Lane implements Runnable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI server;
  private final TaskToken token;
  private final int first;
  private final int calls;

  /// The decision that each answer named.
  private final Map<Integer, String> answered = new ConcurrentHashMap<>();

  Lane(URI server, TaskToken token, int first, int calls) {
    this.server = server;
    this.token = token;
    this.first = first;
    this.calls = calls;
  }

  @Override
  public void run() {
    for (int n = first; n < first + calls; n++) {
      if (!isAnswered(n)) {
        return;
      }
    }
  }

  boolean wasCutOff() {
    return answered.size() < calls;
  }

  /// Every call that arrived came under a decision of its own, which is in the ledger and this
  /// task's; every answer names the decision under which its call arrived; and at most the one call
  /// that the crash met was decided and not sent.
  ///
  /// @param seen the decision that each call named when it arrived
  /// @param decided the decisions that let something through, by task
  void isAccountedFor(Map<Integer, String> seen, Map<String, Set<String>> decided) {
    var mine = decided.getOrDefault(token.task(), Set.of());
    var arrived =
        IntStream.range(first, first + calls)
            .filter(seen::containsKey)
            .mapToObj(seen::get)
            .toList();
    assertThat(arrived).as("decisions that were sent twice").doesNotHaveDuplicates();
    assertThat(mine).as("decisions of %s", token.task()).containsAll(arrived);
    assertThat(mine.size() - arrived.size())
        .as("decided and not sent, of %s", token.task())
        .isBetween(0, 1);
    assertThat(seen).as("what answers say").containsAllEntriesOf(answered);
    assertThat(arrived.size() - answered.size())
        .as("arrived and not answered, of %s", token.task())
        .isBetween(0, 1);
  }

  private boolean isAnswered(int n) {
    var body =
        """
        {"jsonrpc": "2.0", "id": %1$d, "method": "tools/call", "params": {"_meta": {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientInfo": {"name": "lane", "version": "1"},
          "io.modelcontextprotocol/clientCapabilities": {}},
          "name": "echo", "arguments": {"n": %1$d}}}
        """
            .formatted(n)
            .replace("\"n\": ", "\"n\":");
    var request =
        HttpRequest.newBuilder(server.resolve("/mcp/fast"))
            .header("Authorization", "Bearer " + token.value())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", "echo")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      var answer = CLIENT.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200 || !answer.body().contains("\"ok\"")) {
        throw new IllegalStateException("a call was answered: " + answer.body());
      }
      answered.put(n, answer.headers().firstValue("Remit-Decision").orElse("none"));
      return true;
    } catch (IOException e) {
      return false; // the server was killed under this call
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
