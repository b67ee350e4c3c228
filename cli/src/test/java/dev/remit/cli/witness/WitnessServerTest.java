package dev.remit.cli.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.cli.CommandFailed;
import dev.remit.kernel.ledger.LogKeys;
import dev.remit.kernel.ledger.NoteCheck;
import dev.remit.kernel.ledger.SignedNote;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The witness over HTTP, with its memory on the disk.
@Tag("R203")
class WitnessServerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @TempDir private Path state;
  private final SmallLog log = SmallLog.of("log.test/a");
  private final StringWriter err = new StringWriter();
  private WitnessServer witness;

  @BeforeEach
  void open() {
    witness =
        WitnessServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            CosigningKey.openOrCreate(state, "w.test/w"),
            SeenCheckpoints.open(state),
            LogKeys.of(List.of(log.key())),
            InstantSource.fixed(NOW),
            new PrintWriter(err, true));
  }

  @AfterEach
  void close() {
    witness.close();
  }

  @Test
  void a_checkpoint_that_continues_the_last_one_is_cosigned() {
    var first = send(log.request("true", 0, 3));
    var second = send(log.request("true", 3, 9));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
    var note = SignedNote.parse(log.note("true", 9) + second.body());
    var key = CosigningKey.openOrCreate(state, "").key();
    assertThat(note.check(List.of(key))).isEqualTo(new NoteCheck.Signed(key));
  }

  @Test
  void a_rollback_is_a_conflict_that_names_what_was_seen_also_after_a_restart() {
    send(log.request("true", 0, 9));
    close();
    open();

    var answer = send(log.request("true", 0, 5));

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).isEqualTo("9\n");
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/x.tlog.size");
  }

  @Test
  void a_second_story_is_refused_and_told_to_whoever_runs_the_witness() {
    send(log.request("true", 0, 5));

    assertThat(send(log.request("false", 5, 5)).statusCode()).isEqualTo(422);
    assertThat(send(log.request("false", 5, 9)).statusCode()).isEqualTo(422);
    assertThat(err.toString()).contains("refused 422 log.test/a: the tree of 9 entries");
    assertThat(send(log.request("true", 5, 9)).statusCode())
        .as("the true one goes on")
        .isEqualTo(200);
  }

  @Test
  void strangers_are_told_apart_from_forgers() {
    var other = SmallLog.of("log.test/b");
    var forger = SmallLog.of("log.test/a");

    assertThat(send(other.request("true", 0, 2)).statusCode()).isEqualTo(404);
    assertThat(send(forger.request("true", 0, 2)).statusCode()).isEqualTo(403);
  }

  @Test
  void what_is_no_request_is_refused_with_its_mistake() {
    assertThat(send("hello\n").statusCode()).isEqualTo(400);
    assertThat(send("old 9\n\n" + log.note("true", 3)).statusCode()).isEqualTo(400);
    assertThat(send("x".repeat(300_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void a_second_process_does_not_open_the_same_memory() {
    assertThatThrownBy(() -> SeenCheckpoints.open(state))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("another witness has ");
  }

  @Test
  void a_memory_that_cannot_be_read_agrees_to_nothing() throws IOException {
    send(log.request("true", 0, 3));
    try (var files = Files.list(state)) {
      for (var file : files.filter(one -> one.toString().endsWith(".seen")).toList()) {
        Files.writeString(file, "lost");
      }
    }

    assertThat(send(log.request("true", 0, 5)).statusCode()).isEqualTo(500);
  }

  @Test
  void the_key_is_private_and_keeps_its_name() throws IOException {
    assertThat(Files.getPosixFilePermissions(state.resolve("key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> CosigningKey.openOrCreate(state, "other.test/w"))
        .hasMessageContaining("is that of `w.test/w`, not of `other.test/w`");
  }

  private HttpResponse<String> send(String body) {
    var to = URI.create("http://127.0.0.1:" + witness.port() + "/add-checkpoint");
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(to).POST(BodyPublishers.ofString(body)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
