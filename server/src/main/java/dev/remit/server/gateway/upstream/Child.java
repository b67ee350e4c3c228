package dev.remit.server.gateway.upstream;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running child process that speaks lines of JSON over its standard streams.
///
/// It runs in a session and process group of its own where the system has `setsid`, so that ending
/// it ends whatever it has started. What it writes to its standard error goes to our log,
/// shortened.
final class Child {
  private static final Logger LOG = LoggerFactory.getLogger(Child.class);
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final int LINE_MAX = 16 * 1024 * 1024;
  private static final int LOG_LINES_MAX = 1_000;
  private static final int LOG_CHARS_MAX = 500;
  private static final Duration GRACE = Duration.ofMillis(300);

  private final String name;
  private final Process process;
  private final ReentrantLock writing = new ReentrantLock();

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// Starts the process and two threads that listen to it until it ends.
  ///
  /// @param onLine receives each line of its standard output, one at a time
  /// @param onEnd called once, when its standard output has ended
  static Child start(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path directory,
      Consumer<byte[]> onLine,
      Runnable onEnd)
      throws IOException {
    var line = new java.util.ArrayList<String>();
    if (Files.isExecutable(SETSID)) {
      line.add(SETSID.toString());
    }
    line.addAll(command);
    var builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    var child = new Child(name, builder.start());
    Thread.ofVirtual().name("stdout of " + name).start(() -> child.read(onLine, onEnd));
    Thread.ofVirtual().name("stderr of " + name).start(child::log);
    return child;
  }

  /// Writes one message and a line end; line ends inside it become blanks, which JSON allows.
  void write(byte[] message) throws IOException {
    byte[] line = new byte[message.length + 1];
    for (int i = 0; i < message.length; i++) {
      line[i] = message[i] == '\n' || message[i] == '\r' ? (byte) ' ' : message[i];
    }
    line[message.length] = '\n';
    writing.lock();
    try {
      OutputStream out = process.getOutputStream();
      out.write(line);
      out.flush();
    } finally {
      writing.unlock();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Ends the process and everything it has started: asks first, then insists.
  void end() {
    var family = process.descendants().toList();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroy();
        process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      LOG.debug("{} had closed its input", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    killGroup();
    family.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// With `setsid` the process id is the group's id too. A group that is gone is no error.
  private void killGroup() {
    if (!Files.isExecutable(SETSID)) {
      return;
    }
    try {
      new ProcessBuilder("/bin/kill", "-KILL", "--", "-" + process.pid())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(1, TimeUnit.SECONDS);
    } catch (IOException e) {
      LOG.warn("could not end the process group of {}", name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(Consumer<byte[]> onLine, Runnable onEnd) {
    try (InputStream in = new BufferedInputStream(process.getInputStream(), 8_192)) {
      var line = new ByteArrayOutputStream(1_024);
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == '\n') {
          if (line.size() > 0) {
            onLine.accept(line.toByteArray());
          }
          line.reset();
        } else if (b != '\r') {
          if (line.size() == LINE_MAX) {
            throw new IOException("a line is longer than " + LINE_MAX + " bytes");
          }
          line.write(b);
        }
      }
    } catch (IOException e) {
      LOG.debug("{} stopped talking: {}", name, e.getMessage());
    } finally {
      onEnd.run();
    }
  }

  private void log() {
    try (var in =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      int lines = 0;
      char[] chunk = new char[LOG_CHARS_MAX];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (lines++ < LOG_LINES_MAX) {
          LOG.info("{} says: {}", name, new String(chunk, 0, n).strip());
        }
      }
    } catch (IOException e) {
      LOG.debug("{} closed its standard error: {}", name, e.getMessage());
    }
  }
}
