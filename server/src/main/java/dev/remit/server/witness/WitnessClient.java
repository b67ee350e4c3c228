package dev.remit.server.witness;

import dev.remit.kernel.ledger.AddCheckpoint;
import dev.remit.kernel.ledger.NoteCheck;
import dev.remit.kernel.ledger.SignedNote;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks one witness to cosign, within a time and a size that cover the whole answer. Redirects are
/// not followed.
///
/// Source: C2SP tlog-witness, "add-checkpoint".
final class WitnessClient implements AutoCloseable {
  private static final int ANSWER_MAX = 64 * 1024;

  private final Witness witness;
  private final Duration timeout;
  private final HttpClient http;

  WitnessClient(Witness witness, Duration timeout) {
    this.witness = witness;
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  WitnessReply ask(AddCheckpoint asked) {
    var request =
        HttpRequest.newBuilder(URI.create(witness.url() + "/add-checkpoint"))
            .header("Content-Type", "text/plain; charset=utf-8")
            .POST(BodyPublishers.ofString(asked.text()))
            .build();
    var answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_MAX));
    try {
      return reply(asked.note(), answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return new WitnessReply.Away("it did not answer within " + timeout.toSeconds() + " s");
    } catch (ExecutionException e) {
      return new WitnessReply.Away(
          e.getCause() instanceof IOException ? "it cannot be reached" : "asking it failed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new WitnessReply.Away("the server is stopping");
    } finally {
      answer.cancel(true);
    }
  }

  private WitnessReply reply(SignedNote note, HttpResponse<byte[]> answer) {
    var said = new String(answer.body(), StandardCharsets.UTF_8);
    return switch (answer.statusCode()) {
      case 200 -> cosigned(note, said);
      case 409 -> seen(said);
      case 422 -> new WitnessReply.Inconsistent(line(said));
      case 403, 404 -> new WitnessReply.Stranger(line(said));
      default -> new WitnessReply.Away("it answered with status " + answer.statusCode());
    };
  }

  private WitnessReply cosigned(SignedNote note, String lines) {
    try {
      var cosigned = SignedNote.parse(note + lines);
      if (cosigned.check(List.of(witness.key())) instanceof NoteCheck.Signed) {
        return cosigned.signatures().stream()
            .filter(line -> line.name().equals(witness.name()))
            .filter(line -> line.keyId() == witness.key().id())
            .findFirst()
            .<WitnessReply>map(WitnessReply.Cosigned::new)
            .orElseThrow();
      }
    } catch (IllegalArgumentException e) {
      // Answered below: what cannot be read is no cosignature.
    }
    return new WitnessReply.Away("its answer holds no cosignature by its key");
  }

  private static WitnessReply seen(String said) {
    return said.strip().matches("0|[1-9][0-9]{0,17}")
        ? new WitnessReply.Seen(Long.parseLong(said.strip()))
        : new WitnessReply.Away("it says 409 without the size that it has seen");
  }

  /// The first line, as far as it can be shown to a person.
  private static String line(String said) {
    var first = said.lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
    return first.substring(0, Math.min(200, first.length()));
  }

  @Override
  public void close() {
    http.close();
  }
}
