package dev.remit.conformance.bench;

import dev.remit.conformance.harness.Operator;
import dev.remit.conformance.harness.RemitProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Calls that policy holds, each on a connection that stays open until somebody answers: how long
/// it takes from a person's answer until the agent has that of its tool, and what those that wait
/// cost the server.
final class HeldCalls implements AutoCloseable {
  static final String TOOL = "read_record_1";

  /// A policy that holds every call of [#TOOL], and somebody who may let it go on.
  static final String MANIFESTS =
      """
      ---
      apiVersion: remit.dev/v1
      kind: Person
      metadata: {name: bea}
      spec: {displayName: Bea, email: bea@example.org, roles: [approver]}
      ---
      apiVersion: remit.dev/v1
      kind: Policy
      metadata: {name: somebody-agrees}
      spec:
        description: Somebody agrees to each of these calls.
        cedar: |
          @hold("approver")
          forbid (principal, action, resource == Tool::"fast/read_record_1")
          unless { context.approved };
      """;

  /// So many may wait, and for so long, that the bounds of a real site are in nobody's way.
  static final String SETTINGS =
      """
      gateway: {holdFor: 30m}
      approvals:
        crowding: {taskMax: 100000, identityMax: 100000, workflowMax: 1000000, askedMax: 1000000}
      """;

  private static final int LANES = 32;

  /// Work is many tasks that wait for a few calls each, and no task that waits for thousands.
  private static final int EACH_TASK = 50;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Operator approver;
  private final InetSocketAddress target;
  private final Supplier<String> tokens;
  private final List<RawConnection> waiting = new ArrayList<>();
  private int sent;

  /// @param tokens each of a task of its own that may call the tool
  HeldCalls(RemitProcess remit, Supplier<String> tokens) {
    this.approver = remit.admin().person("bea");
    this.target =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), remit.address().getPort());
    this.tokens = tokens;
  }

  /// Holds one call after the other and agrees to each.
  ///
  /// @return from the moment the person answers until the agent has the answer of its tool
  Measured answered(int calls) throws IOException, InterruptedException {
    var latencies = new long[calls];
    var token = tokens.get();
    long begun = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      try (var connection = new RawConnection(target)) {
        var before = newest();
        connection.send(request(++sent, token));
        var id = newestAfter(before);
        long start = System.nanoTime();
        agree(id);
        int status = connection.answered();
        latencies[i] = System.nanoTime() - start;
        if (status != 200) {
          throw new IllegalStateException("a call that was agreed to was answered with " + status);
        }
      }
    }
    return Measured.of(latencies, (System.nanoTime() - begun) / 1e9, 0);
  }

  /// The newest that waits is the one that was sent last.
  private String newestAfter(String before) throws InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (System.nanoTime() < deadline) {
      var id = newest();
      if (!id.isEmpty() && !id.equals(before)) {
        return id;
      }
      Thread.sleep(2);
    }
    throw new IllegalStateException("a call that policy holds does not wait");
  }

  private String newest() {
    return list().path("approvals").path(0).path("id").asString("");
  }

  private JsonNode list() {
    var answer = approver.exchange(approver.request("/v1/approvals?state=pending").GET());
    return JSON.readTree(answer.body());
  }

  private void agree(String id) {
    var said = JSON.createObjectNode().put("agree", true).put("reason", "measured");
    var answer =
        approver.exchange(
            approver
                .request("/v1/approvals/" + id + "/answer")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(said.toString())));
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("nobody could agree: " + answer.body());
    }
  }

  /// Sends so many calls and leaves them waiting.
  void hold(int calls) throws InterruptedException, IOException {
    int before = sent;
    try (var lanes = Executors.newFixedThreadPool(LANES)) {
      var sending = new ArrayList<Future<List<RawConnection>>>();
      for (int lane = 0; lane < LANES; lane++) {
        int from = before + lane * calls / LANES;
        int to = before + (lane + 1) * calls / LANES;
        sending.add(lanes.submit(() -> send(from, to)));
      }
      for (var one : sending) {
        waiting.addAll(one.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a call could not be sent", e.getCause());
    }
    sent += calls;
    awaitWaiting(calls);
  }

  private List<RawConnection> send(int from, int to) throws IOException {
    var opened = new ArrayList<RawConnection>();
    var token = "";
    for (int n = from; n < to; n++) {
      token = (n - from) % EACH_TASK == 0 ? tokens.get() : token;
      var connection = new RawConnection(target);
      connection.send(request(n + 1, token));
      opened.add(connection);
    }
    return opened;
  }

  private void awaitWaiting(int calls) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + 600_000_000_000L;
    while (counted() < calls) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("only " + counted() + " calls of " + calls + " wait");
      }
      Thread.sleep(250);
    }
  }

  private long counted() {
    long all = 0;
    var answer = approver.exchange(approver.request("/v1/approvals/groups").GET());
    for (var group : JSON.readTree(answer.body()).path("groups")) {
      all += group.path("waiting").asLong(0);
    }
    return all;
  }

  private byte[] request(int n, String token) {
    var message =
        JSON.createObjectNode().put("jsonrpc", "2.0").put("id", n).put("method", "tools/call");
    var params = message.putObject("params");
    var meta = params.putObject("_meta");
    meta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
    meta.putObject("io.modelcontextprotocol/clientInfo").put("name", "load").put("version", "1");
    meta.putObject("io.modelcontextprotocol/clientCapabilities");
    params.put("name", TOOL).putObject("arguments").put("id", "record-" + n);
    var headers =
        "Authorization: Bearer "
            + token
            + "\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: "
            + TOOL
            + "\r\n";
    return RawConnection.post(
        "/mcp/fast", "127.0.0.1:" + target.getPort(), headers, message.toString());
  }

  @Override
  public void close() throws IOException {
    for (var connection : waiting) {
      connection.close();
    }
  }
}
