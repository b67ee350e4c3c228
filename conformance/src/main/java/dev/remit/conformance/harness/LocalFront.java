package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// `remit connect SERVER --listen`: a local address behind which every request carries a task
/// token.
public final class LocalFront implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private final Process process;
  private final String server;
  private final int port;

  private LocalFront(Process process, String server, int port) {
    this.process = process;
    this.server = server;
    this.port = port;
  }

  /// Starts a front and waits until it listens. Its output goes to `front-SERVER.log` in the
  /// command's folder.
  public static LocalFront open(Cli cli, String server, String identity) {
    int port = FreePort.find();
    var log = cli.folder().resolve("front-" + server + ".log");
    var arguments =
        List.of("connect", server, "--listen", "127.0.0.1:" + port, "--identity", identity);
    try {
      var process = cli.builder(arguments).redirectOutput(log.toFile()).start();
      var front = new LocalFront(process, server, port);
      front.awaitReady(log);
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException("start `remit connect`", e);
    }
  }

  /// Where clients connect; no token is needed there.
  public URI url() {
    return URI.create("http://127.0.0.1:" + port + "/mcp/" + server);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady(Path log) {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    try {
      while (System.nanoTime() < deadline && process.isAlive()) {
        if (listens()) {
          return;
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw new IllegalStateException("`remit connect` does not listen; see " + log);
  }

  private boolean listens() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
