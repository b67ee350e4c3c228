package dev.remit.cli.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.cli.CommandFailed;
import dev.remit.kernel.ledger.AddCheckpoint;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.WitnessAnswer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Answers `POST /add-checkpoint`, one request at a time: the check and the memory of it are one.
///
/// There are no callers to authenticate: whoever has a checkpoint that the log signed may bring it.
/// Refuses rollbacks with 409 and forks with 422, and prints both, since either is news about a
/// log.
///
/// Source: C2SP tlog-witness.
final class WitnessServer implements AutoCloseable {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int REQUEST_MAX = 256 * 1024 + 64 * 64;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CosigningKey key;
  private final SeenCheckpoints seen;
  private final LogKeys logs;
  private final InstantSource clock;
  private final PrintWriter err;

  private WitnessServer(
      HttpServer server,
      CosigningKey key,
      SeenCheckpoints seen,
      LogKeys logs,
      InstantSource clock,
      PrintWriter err) {
    this.server = server;
    this.key = key;
    this.seen = seen;
    this.logs = logs;
    this.clock = clock;
    this.err = err;
  }

  static WitnessServer start(
      InetSocketAddress where,
      CosigningKey key,
      SeenCheckpoints seen,
      LogKeys logs,
      InstantSource clock,
      PrintWriter err) {
    try {
      var server = HttpServer.create(where, 16);
      var witness = new WitnessServer(server, key, seen, logs, clock, err);
      server.createContext("/add-checkpoint", witness::handle);
      server.setExecutor(witness.threads);
      server.start();
      return witness;
    } catch (IOException e) {
      throw new CommandFailed(
          "cannot listen at " + where + ": " + e.getMessage(), "choose another with --listen", e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /// What is sent back.
  private record Said(int status, String type, String body) {}

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var said = said(exchange);
      var bytes = said.body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", said.type);
      exchange.sendResponseHeaders(said.status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Said said(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/add-checkpoint")) {
      return refused(404, "there is only /add-checkpoint");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      return refused(405, "a checkpoint is brought with POST");
    }
    var bytes = exchange.getRequestBody().readNBytes(REQUEST_MAX + 1);
    if (bytes.length > REQUEST_MAX) {
      return refused(413, "a request has at most " + REQUEST_MAX + " bytes");
    }
    try {
      return said(AddCheckpoint.parse(new String(bytes, StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      return refused(400, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      err.println("the witness could not answer: " + e.getMessage());
      return refused(500, "the witness cannot remember; nothing was cosigned");
    }
  }

  /// Judges, remembers, cosigns. Synchronized, or a request could overtake another between its
  /// check and its memory, and set the witness back.
  private synchronized Said said(AddCheckpoint asked) {
    var origin = Checkpoint.parse(asked.note().text()).origin();
    return switch (asked.judge(seen.latest(origin), logs)) {
      case WitnessAnswer.Agreed(var checkpoint) -> {
        seen.remember(origin, asked.note());
        yield new Said(200, TEXT, key.cosign(checkpoint, clock.instant()) + "\n");
      }
      case WitnessAnswer.Malformed(var why) -> refused(400, why);
      case WitnessAnswer.NotSigned(var why) -> told(origin, refused(403, why));
      case WitnessAnswer.UnknownLog(var log) -> refused(404, "the log `" + log + "` is not known");
      case WitnessAnswer.Conflict(var size) -> new Said(409, "text/x.tlog.size", size + "\n");
      case WitnessAnswer.Inconsistent(var why) -> told(origin, refused(422, why));
    };
  }

  private Said told(String origin, Said said) {
    err.print("refused " + said.status + " " + origin + ": " + said.body);
    err.flush();
    return said;
  }

  private static Said refused(int status, String why) {
    return new Said(status, TEXT, why + "\n");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    seen.close();
  }
}
