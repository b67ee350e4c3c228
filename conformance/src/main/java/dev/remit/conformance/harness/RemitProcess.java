package dev.remit.conformance.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A Remit server as a process of its own, on a free port of the loopback interface.
///
/// Its output goes to `server.log` in its data directory, whose end is part of what is thrown when
/// it does not come up.
public final class RemitProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private final Path data;
  private final int port;
  private List<String> javaOptions;
  private final List<String> moreArguments;
  private final Map<String, String> environment;
  private Process process;

  private RemitProcess(
      Path data,
      List<String> javaOptions,
      List<String> moreArguments,
      Map<String, String> environment) {
    this.data = data;
    this.port = FreePort.find();
    this.javaOptions = javaOptions;
    this.moreArguments = moreArguments;
    this.environment = environment;
    this.process = launched();
  }

  /// Starts a server and waits until it says that it is ready.
  ///
  /// @param data its data directory; made if missing, and kept
  /// @param moreArguments further arguments of `remit serve`
  /// @throws IllegalStateException if it is not ready in time, with the end of its log
  public static RemitProcess start(Path data, String... moreArguments) {
    return startWith(List.of(), data, moreArguments);
  }

  /// The same with variables beside this process's own environment.
  public static RemitProcess startIn(
      Map<String, String> environment, Path data, String... moreArguments) {
    var server = new RemitProcess(data, List.of(), List.of(moreArguments), environment);
    server.awaitReady();
    return server;
  }

  /// The same with options of Java after those of `remit serve`, over which they prevail.
  public static RemitProcess startWith(
      List<String> javaOptions, Path data, String... moreArguments) {
    var server = new RemitProcess(data, javaOptions, List.of(moreArguments), Map.of());
    server.awaitReady();
    return server;
  }

  /// Starts another node over the private database of `first`, with the same master key.
  public static RemitProcess startBeside(RemitProcess first, Path data, String... moreArguments)
      throws IOException {
    var database = PrivateDatabase.of(first.data());
    var key = Files.readAllBytes(first.data().resolve("master.key"));
    var arguments = new ArrayList<>(List.of("--database-url", database.url("remit")));
    arguments.addAll(List.of(moreArguments));
    var environment =
        Map.of(
            "REMIT_DATABASE_PASSWORD", database.password(),
            "REMIT_MASTER_KEY", Base64.getEncoder().encodeToString(key));
    var server = new RemitProcess(data, List.of(), arguments, environment);
    server.awaitReady();
    return server;
  }

  /// Starts the server again, on the same data and the same port, after [#kill] or [#stop].
  public void restart() {
    process = launched();
    awaitReady();
  }

  /// Starts it again with other options of Java, and waits until it is ready or has ended.
  ///
  /// @return whether it is ready
  public boolean restartWith(String... otherJavaOptions) {
    javaOptions = List.of(otherJavaOptions);
    process = launched();
    return isReadyInTime();
  }

  /// Waits until it has ended by itself.
  ///
  /// @return its exit status
  public int awaitEnd() {
    return join();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public Path data() {
    return data;
  }

  public Process process() {
    return process;
  }

  /// The person who exists from the first start, with all roles.
  public Operator admin() {
    try {
      return new Operator(address(), Files.readString(data.resolve("operator.token")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("read the first operator token", e);
    }
  }

  /// Kills the process at once, as `kill -9` does.
  public void kill() {
    process.destroyForcibly();
    join();
  }

  /// Asks the process to shut down and waits.
  ///
  /// @return its exit status
  public int stop() {
    process.destroy();
    return join();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  /// Returns the last lines that the server wrote.
  public String log() {
    try {
      var lines = Files.readAllLines(data.resolve("server.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }

  private int join() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the server did not stop in a minute; its log:\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server stops", e);
    }
  }

  private void awaitReady() {
    if (!isReadyInTime()) {
      process.destroyForcibly();
      throw new IllegalStateException("the server did not become ready; its log:\n" + log());
    }
  }

  private boolean isReadyInTime() {
    var ready = HttpRequest.newBuilder(address().resolve("/readyz")).build();
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    try (var client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline && process.isAlive()) {
        if (answers(client, ready)) {
          return true;
        }
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static boolean answers(HttpClient client, HttpRequest ready) throws InterruptedException {
    try {
      return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private Process launched() {
    var command = new ArrayList<>(List.of(Home.java()));
    command.addAll(Rehearsal.server(javaOptions));
    command.addAll(List.of("-cp", Home.classPath("server")));
    command.addAll(List.of("dev.remit.server.Main", "--data", data.toString()));
    command.addAll(List.of("--listen", "127.0.0.1:" + port));
    // What must name the port before it is known, such as the public URL.
    moreArguments.forEach(one -> command.add(one.replace("{port}", Integer.toString(port))));
    try {
      Files.createDirectories(data);
      var log = data.resolve("server.log").toFile();
      var builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("start the server", e);
    }
  }
}
