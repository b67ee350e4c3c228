package dev.remit.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The command as a process of its own, with its standard streams in our hands.
public final class RunningCli implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final OutputStream in;
  private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> err = new LinkedBlockingQueue<>();

  private RunningCli(Process process) {
    this.process = process;
    this.in = process.getOutputStream();
    read(
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
        out);
    read(
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)),
        err);
  }

  public static RunningCli start(Path directory, Map<String, String> environment, String... args) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.remit.cli.Main"));
    command.addAll(List.of(args));
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("REMIT_"));
    builder.environment().putAll(environment);
    try {
      return new RunningCli(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(BufferedReader reader, BlockingQueue<String> lines) {
    Thread.startVirtualThread(() -> {
      try {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(line);
        }
      } catch (IOException e) {
        lines.add("cannot read: " + e);
      }
    });
  }

  public void say(String line) {
    try {
      in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns the next line of standard output, which must be JSON.
  public JsonNode hear() {
    return JSON.readTree(next(out));
  }

  public String hearLine() {
    return next(out);
  }

  /// Returns the next line of standard error.
  public String hearError() {
    return next(err);
  }

  /// Says whether nothing is said on standard output for a little while.
  public boolean isSilent() throws InterruptedException {
    return out.poll(300, TimeUnit.MILLISECONDS) == null;
  }

  private String next(BlockingQueue<String> lines) {
    try {
      var line = lines.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new AssertionError("nothing was said; on standard error: " + List.copyOf(err));
      }
      return line;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Closes standard input and returns the exit code.
  public int leave() throws IOException {
    in.close();
    return exitCode();
  }

  /// Asks the process to end, as SIGTERM does.
  public int terminate() {
    process.destroy();
    return exitCode();
  }

  public int exitCode() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running; on standard error: " + List.copyOf(err));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
