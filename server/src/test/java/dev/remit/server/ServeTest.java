package dev.remit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remit.server.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `remit serve` as a process of its own: started, stopped, killed and started again.
class ServeTest {
  private static final Duration SOON = Duration.ofMinutes(2);

  private final Path data = TestDatabase.enterable("serve-");
  private final int port = FreePort.find();
  private final List<Process> processes = new ArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void endAll() throws InterruptedException {
    client.close();
    for (var process : processes) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    awaitDatabaseGone();
    TestDatabase.discard(data);
  }

  @Test
  void it_starts_serves_its_health_and_ends_with_0_when_asked_to_stop() throws Exception {
    var server = serve();
    awaitReady(server);

    assertThat(get("/healthz").body()).contains("ok");
    assertThat(get("/metrics").body()).contains("jvm_memory_used_bytes", "remit_database_waiting");
    var token = data.resolve("operator.token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    assertThat(output()).contains(token.toString()).doesNotContain(Files.readString(token).strip());

    server.destroy();

    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isZero();
    assertThat(data.resolve("postgres/cluster-18/postmaster.pid")).doesNotExist();
  }

  @Test
  void after_kill_9_it_starts_again_on_the_same_data() throws Exception {
    var first = serve();
    awaitReady(first);
    var token = Files.readString(data.resolve("operator.token"));
    first.destroyForcibly().waitFor();

    var second = serve();
    awaitReady(second);

    assertThat(Files.readString(data.resolve("operator.token"))).isEqualTo(token);
    assertThat(get("/v1/openapi.json").statusCode()).isEqualTo(200);
  }

  @Test
  void a_second_server_on_the_same_data_says_who_has_it_and_ends_with_1() throws Exception {
    awaitReady(serve());

    var second = process("--data", data.toString(), "--listen", "127.0.0.1:0");

    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isEqualTo(1);
    assertThat(output()).contains("is in use by process " + processes.getFirst().pid());
  }

  @Test
  void a_mistake_in_the_configuration_ends_with_2_and_its_line() throws Exception {
    Files.writeString(data.resolve("remit.yaml"), "listn: 127.0.0.1:1\n");

    var server = serve();

    assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(server.exitValue()).isEqualTo(2);
    assertThat(output()).contains("remit.yaml:1: unknown key `listn`; did you mean `listen`?");
  }

  @Test
  void readiness_goes_while_the_database_is_away_and_comes_back_with_it() throws Exception {
    awaitReady(serve());

    // Killed again for as long as nobody saw it: it is soon back, sometimes before the next look.
    await()
        .atMost(SOON)
        .until(() -> {
          database().ifPresent(ProcessHandle::destroyForcibly);
          return get("/readyz").statusCode() == 503;
        });
    await().atMost(SOON).until(() -> get("/readyz").statusCode() == 200);
  }

  private Optional<ProcessHandle> database() {
    try (var lines = Files.lines(data.resolve("postgres/cluster-18/postmaster.pid"))) {
      return lines
          .findFirst()
          .filter(line -> line.matches("\\d+"))
          .map(Long::parseLong)
          .flatMap(ProcessHandle::of);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Process serve() {
    return process("--data", data.toString(), "--listen", "127.0.0.1:" + port);
  }

  private Process process(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("out").toFile()))
              .start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException("start a server", e);
    }
  }

  private void awaitReady(Process server) {
    await()
        .atMost(SOON)
        .failFast("the server ended", () -> !server.isAlive())
        .ignoreExceptions()
        .until(() -> get("/readyz").statusCode() == 200);
  }

  private void awaitDatabaseGone() {
    await()
        .atMost(SOON)
        .until(() -> !Files.exists(data.resolve("postgres/cluster-18/postmaster.pid")));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private String output() throws IOException {
    return Files.readString(data.resolve("out"));
  }
}
