package dev.remit.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.conformance.harness.Workload.TaskToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// One task that makes one call after another, each with a number of its own, until all are made or
/// the server is gone.
final class Lane implements Runnable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI server;
  private final TaskToken token;
  private final int first;
  private final int calls;
  private final AtomicInteger answered = new AtomicInteger();

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
      answered.incrementAndGet();
    }
  }

  boolean wasCutOff() {
    return answered.get() < calls;
  }

  /// Every call that arrived has a decision, every answer was given to a call that arrived, and at
  /// most the one call that the crash met was decided and not sent.
  void isAccountedFor(BitSet seen, Map<String, Long> decidedByTask) {
    int arrived = seen.get(first, first + calls).cardinality();
    long decided = decidedByTask.getOrDefault(token.task(), 0L);
    assertThat(decided).as("decisions of %s", token.task()).isBetween((long) arrived, arrived + 1L);
    assertThat(arrived)
        .as("arrivals of %s", token.task())
        .isBetween(answered.get(), answered.get() + 1);
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
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("a call was answered: " + answer.body());
      }
      return true;
    } catch (IOException e) {
      return false; // the server was killed under this call
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
