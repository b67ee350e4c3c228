package dev.remit.conformance.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;

/// Servers of others that a benchmark starts.
final class Peers {
  private static final Duration READY_WITHIN = Duration.ofMinutes(3);

  private Peers() {}

  /// Waits until `address` answers with 200.
  ///
  /// @param log named where it does not
  static void awaitReady(Process process, URI address, Path log) throws IOException {
    // Asked whether it would rather speak HTTP/2, not every server answers.
    var ready = HttpRequest.newBuilder(address).version(HttpClient.Version.HTTP_1_1).build();
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    try (var client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline && process.isAlive()) {
        if (answers(client, ready)) {
          return;
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroy();
    throw new IOException(address + " did not become ready; see " + log);
  }

  private static boolean answers(HttpClient client, HttpRequest ready) throws InterruptedException {
    try {
      return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
