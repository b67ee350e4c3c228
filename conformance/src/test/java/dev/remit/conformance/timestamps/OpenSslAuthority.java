package dev.remit.conformance.timestamps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// An RFC 3161 authority on loopback: `openssl ts -reply` behind a small HTTP server, in one of
/// several moods.
final class OpenSslAuthority implements AutoCloseable {
  private static final int HUGE = 1024 * 1024;
  private static final Duration LONG = Duration.ofSeconds(4);

  /// What it answers with.
  enum Mood {
    HONEST,
    /// Its last honest answer, whoever asks.
    ABSENT_MINDED,
    /// About the right thing, with a nonce that nobody sent.
    MISHEARING,
    REFUSING,
    BABBLING,
    ENDLESS,
    OUT_OF_ORDER,
    /// Later than anybody waits.
    SLOW,
    /// Not at all: hangs up.
    GONE
  }

  private final Path folder;
  private final HttpServer server;
  private volatile Mood mood = Mood.HONEST;
  private byte[] last = new byte[0];

  private OpenSslAuthority(Path folder, HttpServer server) {
    this.folder = folder;
    this.server = server;
  }

  /// Starts one with fresh keys; empty where OpenSSL is not installed.
  static Optional<OpenSslAuthority> start(Path folder) {
    try {
      Files.createDirectories(folder);
      if (run(folder, "version").status() != 0) {
        return Optional.empty();
      }
      makeKeys(folder);
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var server = HttpServer.create(loopback, 0);
      var authority = new OpenSslAuthority(folder, server);
      server.createContext("/", authority::answer);
      server.start();
      return Optional.of(authority);
    } catch (IOException e) {
      throw new UncheckedIOException("start a timestamp authority", e);
    }
  }

  private static void makeKeys(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("tsa.cnf"),
        """
        [tsa]
        default_tsa = authority
        [authority]
        serial = serial
        signer_cert = tsa.pem
        signer_key = tsa.key
        signer_digest = sha256
        ess_cert_id_alg = sha256
        default_policy = 1.2.3.4.1
        digests = sha256
        accuracy = secs:1
        [use]
        keyUsage = critical,digitalSignature
        extendedKeyUsage = critical,timeStamping
        """);
    Files.writeString(folder.resolve("serial"), "01\n");
    must(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj /CN=ca");
    must(folder, "req -new -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=tsa");
    must(
        folder,
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out tsa.pem"
            + " -extfile tsa.cnf -extensions use");
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /// The certificate that it signs with.
  Path certificate() {
    return folder.resolve("tsa.pem");
  }

  /// The certificate of who answers for it.
  Path issuer() {
    return folder.resolve("ca.pem");
  }

  void becomes(Mood other) {
    mood = other;
  }

  /// What stock OpenSSL says of an answer about `data`.
  Said verify(Path data, Path reply) {
    return run(
        folder,
        "ts",
        "-verify",
        "-data",
        data.toString(),
        "-in",
        reply.toString(),
        "-CAfile",
        "ca.pem",
        "-untrusted",
        "tsa.pem");
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var query = exchange.getRequestBody().readAllBytes();
      var now = mood;
      if (now == Mood.GONE) {
        return;
      }
      var body =
          switch (now) {
            case HONEST -> {
              last = stamped(query);
              yield last;
            }
            case ABSENT_MINDED -> last;
            case MISHEARING -> stamped(withOtherNonce(query));
            case REFUSING -> stamped(Arrays.copyOf(query, query.length - 1));
            case BABBLING -> "good morning".getBytes(StandardCharsets.UTF_8);
            case ENDLESS -> new byte[HUGE];
            case OUT_OF_ORDER, GONE -> new byte[0];
            case SLOW -> later();
          };
      exchange.getResponseHeaders().add("Content-Type", "application/timestamp-reply");
      exchange.sendResponseHeaders(now == Mood.OUT_OF_ORDER ? 503 : 200, Math.max(1, body.length));
      exchange.getResponseBody().write(body.length == 0 ? new byte[1] : body);
    }
  }

  /// The nonce ends before the last element, a BOOLEAN of three bytes.
  private static byte[] withOtherNonce(byte[] query) {
    var other = query.clone();
    other[other.length - 4] ^= 1;
    return other;
  }

  private static byte[] later() {
    try {
      Thread.sleep(LONG);
      return new byte[0];
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while being slow", e);
    }
  }

  private byte[] stamped(byte[] query) throws IOException {
    Files.write(folder.resolve("query.tsq"), query);
    must(
        folder, "ts -reply -config tsa.cnf -section authority -queryfile query.tsq -out reply.tsr");
    return Files.readAllBytes(folder.resolve("reply.tsr"));
  }

  /// What one run gave.
  record Said(int status, String output) {}

  private static void must(Path folder, String command) {
    var said = run(folder, command.split(" ", -1));
    if (said.status() != 0) {
      throw new IllegalStateException("`openssl " + command + "` failed:\n" + said.output());
    }
  }

  private static Said run(Path folder, String... arguments) {
    var command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(30, TimeUnit.SECONDS) ? process.exitValue() : -1, output);
    } catch (IOException e) {
      return new Said(-1, "openssl is not installed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while openssl ran", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
