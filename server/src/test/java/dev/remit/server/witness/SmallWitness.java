package dev.remit.server.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remit.kernel.ledger.AddCheckpoint;
import dev.remit.kernel.ledger.Checkpoint;
import dev.remit.kernel.ledger.Cosignature;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteKey;
import dev.remit.kernel.ledger.WitnessAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A witness in memory that judges as every witness does, and can be told to fail.
public final class SmallWitness implements AutoCloseable {
  private final HttpServer server;
  private final KeyPair pair;
  private final NoteKey key;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile LogKeys logs = new LogKeys(List.of());
  private volatile Optional<Checkpoint> latest = Optional.empty();
  private volatile boolean away;

  public SmallWitness(String name) {
    try {
      pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] spki = pair.getPublic().getEncoded();
      key =
          NoteKey.of(
              NoteKey.Kind.WITNESS, name, Arrays.copyOfRange(spki, spki.length - 32, spki.length));
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::handle);
      server.start();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Witness asConfigured() {
    return new Witness(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/w"), key);
  }

  NoteKey key() {
    return key;
  }

  public void knows(LogKeys keys) {
    logs = keys;
  }

  void setAway(boolean isAway) {
    away = isAway;
  }

  public Optional<Checkpoint> latest() {
    return latest;
  }

  /// Lets it remember more entries than there are, as after a restored backup.
  public void remembers(long size) {
    var seen = latest.orElseThrow();
    latest = Optional.of(new Checkpoint(seen.origin(), size, seen.root()));
  }

  int asked() {
    return asked.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    try (exchange) {
      var text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (away || !exchange.getRequestURI().getPath().equals("/w/add-checkpoint")) {
        answer(exchange, 500, "away\n");
        return;
      }
      var request = AddCheckpoint.parse(text);
      switch (request.judge(latest, logs)) {
        case WitnessAnswer.Agreed(var checkpoint) -> {
          latest = Optional.of(checkpoint);
          answer(exchange, 200, cosigned(checkpoint));
        }
        case WitnessAnswer.Conflict(var size) -> answer(exchange, 409, size + "\n");
        case WitnessAnswer.Inconsistent(var why) -> answer(exchange, 422, why + "\n");
        case WitnessAnswer.Malformed(var why) -> answer(exchange, 400, why + "\n");
        case WitnessAnswer.NotSigned(var why) -> answer(exchange, 403, why + "\n");
        case WitnessAnswer.UnknownLog(var log) -> answer(exchange, 404, log + "\n");
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private String cosigned(Checkpoint checkpoint) {
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(pair.getPrivate());
      var message = Cosignature.message(1_795_280_648, checkpoint.text());
      signer.update(message.getBytes(StandardCharsets.UTF_8));
      return new Cosignature(1_795_280_648, signer.sign()).line(key) + "\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
