package dev.remit.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.cli.RunningCli;
import dev.remit.cli.keys.KeyFile;
import dev.remit.cli.keys.SigningKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFrontTest {
  private static final String CALL =
      "{ \"jsonrpc\":\"2.0\" ,\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\"}}";

  @TempDir private Path home;
  private FakeGateway gateway;
  private RunningCli cli;
  private URI front;

  @BeforeEach
  void start() throws Exception {
    var key = SigningKey.fresh();
    gateway = new FakeGateway(key.publicJwk().toString());
    new KeyFile("pilot-agent", FakeGateway.SPIFFE, "assist", gateway.address().toString(), key)
        .create(home.resolve("keys"));
    cli =
        RunningCli.start(
            home,
            Map.of("REMIT_HOME", home.toString()),
            "connect",
            "files",
            "--listen",
            "127.0.0.1:0");
    front = URI.create(cli.hearError().replaceFirst(".* is at ", ""));
  }

  @AfterEach
  void stop() {
    cli.close();
    gateway.close();
  }

  private Socket send(String host, String extraHeaders, String body) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), front.getPort());
    say(socket, host, extraHeaders, body);
    return socket;
  }

  private static void say(Socket socket, String host, String extraHeaders, String body)
      throws IOException {
    var head =
        "POST /mcp/files?x=%20y HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Type: application/json\r\n"
            + extraHeaders
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n";
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static String headOf(BufferedReader in) throws IOException {
    var head = new StringBuilder();
    for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      head.append(line).append('\n');
    }
    return head.toString();
  }

  private String local() {
    return "127.0.0.1:" + front.getPort();
  }

  /// What is relayed as it comes cannot be sent twice: the nonce is asked for before.
  @Test
  @Tag("R65")
  void where_tokens_are_bound_the_first_proof_is_right_also_after_a_change_of_nonces()
      throws Exception {
    gateway.binds = true;
    var body = CALL.formatted("echo");

    try (var socket = send(local(), "DPoP: mine\r\n", body)) {
      assertThat(headOf(reader(socket))).startsWith("HTTP/1.1 200");
    }
    gateway.nonce = "nonce-2";
    Thread.sleep(8_100);
    try (var socket = send(local(), "", body)) {
      assertThat(headOf(reader(socket))).startsWith("HTTP/1.1 200");
    }

    assertThat(gateway.seen).hasSize(2);
    assertThat(gateway.seen.getLast().headers()).containsEntry("authorization", "DPoP token-1");
  }

  @Test
  void the_token_is_added_and_everything_else_is_what_the_client_sent() throws Exception {
    var body = CALL.formatted("echo");

    try (var socket = send(local(), "X-Odd:  a  b\r\nAuthorization: Bearer mine\r\n", body)) {
      var head = headOf(reader(socket));

      assertThat(head).startsWith("HTTP/1.1 200").containsIgnoringCase("remit-receipt: cmVj");
      var seen = gateway.seen.getFirst();
      assertThat(seen.body()).isEqualTo(body);
      assertThat(seen.headers())
          .containsEntry("authorization", "Bearer token-1")
          .containsEntry("x-odd", "a  b")
          .containsEntry("host", gateway.address().getAuthority());
    }
  }

  @Test
  void a_connection_carries_one_request_after_the_other() throws Exception {
    var body = CALL.formatted("echo");

    try (var socket = send(local(), "", body)) {
      var in = reader(socket);
      var length = headOf(in).replaceAll("(?si).*content-length: (\\d+).*", "$1");
      var answer = new char[Integer.parseInt(length)];
      assertThat(in.read(answer)).isEqualTo(answer.length);
      say(socket, local(), "", body);

      assertThat(headOf(in)).startsWith("HTTP/1.1 200");
      assertThat(gateway.seen).hasSize(2);
    }
  }

  @Test
  void events_pass_as_they_come_and_a_client_that_leaves_is_a_cancelled_call() throws Exception {
    try (var socket = send(local(), "", CALL.formatted("wait"))) {
      var in = reader(socket);
      assertThat(headOf(in)).contains("text/event-stream");
      String line;
      do {
        line = in.readLine();
      } while (line != null && !line.contains("notifications/progress"));
      assertThat(line).isNotNull();
    }

    assertThat(gateway.abandoned.poll(10, TimeUnit.SECONDS)).isEqualTo("1");
  }

  @Test
  void a_body_in_chunks_arrives_whole() throws Exception {
    var body = CALL.formatted("echo");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), front.getPort())) {
      var head =
          "POST /mcp/files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
      var chunks =
          "5;x=1\r\n"
              + body.substring(0, 5)
              + "\r\n"
              + Integer.toHexString(body.length() - 5)
              + "\r\n"
              + body.substring(5)
              + "\r\n0\r\n\r\n";
      socket.getOutputStream().write((head + chunks).getBytes(StandardCharsets.UTF_8));

      assertThat(headOf(reader(socket))).startsWith("HTTP/1.1 200");
      assertThat(gateway.seen.getFirst().body()).isEqualTo(body);
    }
  }

  @Test
  void a_page_in_a_browser_cannot_use_it() throws Exception {
    try (var rebound = send("evil.example", "", CALL.formatted("echo"));
        var foreign = send(local(), "Origin: https://evil.example\r\n", CALL.formatted("echo"))) {
      assertThat(headOf(reader(rebound))).startsWith("HTTP/1.1 403");
      assertThat(headOf(reader(foreign))).startsWith("HTTP/1.1 403");
      assertThat(gateway.seen).isEmpty();
    }
  }

  @Test
  void a_request_with_two_framings_is_refused() throws Exception {
    try (var socket = send(local(), "Transfer-Encoding: chunked\r\n", "0\r\n\r\n")) {
      assertThat(headOf(reader(socket))).startsWith("HTTP/1.1 400");
      assertThat(gateway.seen).isEmpty();
    }
  }

  @Test
  void an_address_that_others_can_reach_is_refused() {
    try (var other =
        RunningCli.start(
            home,
            Map.of("REMIT_HOME", home.toString()),
            "connect",
            "files",
            "--listen",
            "0.0.0.0:0")) {
      assertThat(other.hearError()).contains("is not a loopback address");
      assertThat(other.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void when_it_ends_the_task_is_completed() throws Exception {
    try (var socket = send(local(), "", CALL.formatted("echo"))) {
      headOf(reader(socket));
    }

    cli.terminate();

    assertThat(gateway.completed).hasSize(1);
  }
}
