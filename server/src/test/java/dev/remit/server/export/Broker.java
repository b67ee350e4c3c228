package dev.remit.server.export;

import static org.awaitility.Awaitility.await;

import dev.remit.server.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/// A real Kafka broker in a process of its own, its own controller (KRaft), with its data in a
/// directory of the test. It can be stopped and started again.
final class Broker implements AutoCloseable {
  private final Path directory;
  private final int port = FreePort.find();
  private final int controller = FreePort.find();
  private @Nullable Process process;

  Broker(Path directory) {
    this.directory = directory;
    write();
    run("kafka.tools.StorageTool", "format", "--cluster-id", "4L6g3nShT-eMCtK--X86sw", "--config");
    start();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  void start() {
    process = launch(List.of("kafka.Kafka", settings().toString()));
    await().atMost(Duration.ofSeconds(60)).until(this::answers);
  }

  void stop() {
    if (process != null) {
      process.destroy();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void topic(String name, int partitions, Map<String, String> settings) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", address()))) {
      var topic = new NewTopic(name, partitions, (short) 1).configs(settings);
      admin.createTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
    }
  }

  private boolean answers() {
    if (process == null || !process.isAlive()) {
      throw new IllegalStateException("the broker ended: " + said());
    }
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Path settings() {
    return directory.resolve("server.properties");
  }

  private void write() {
    try {
      Files.writeString(
          settings(),
          """
          process.roles=broker,controller
          node.id=1
          controller.quorum.voters=1@127.0.0.1:%2$d
          listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
          advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
          controller.listener.names=CONTROLLER
          listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
          log.dirs=%3$s
          offsets.topic.replication.factor=1
          transaction.state.log.replication.factor=1
          transaction.state.log.min.isr=1
          """
              .formatted(port, controller, directory.resolve("log")));
    } catch (IOException e) {
      throw new UncheckedIOException("configure a broker", e);
    }
  }

  private void run(String... command) {
    var arguments = new ArrayList<>(List.of(command));
    arguments.add(settings().toString());
    try {
      int status = launch(arguments).waitFor();
      if (status != 0) {
        throw new IllegalStateException(command[0] + " ended with " + status + ": " + said());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String said() {
    try {
      return Files.readString(output());
    } catch (IOException e) {
      throw new UncheckedIOException("read what a broker said", e);
    }
  }

  private Path output() {
    return directory.resolve("output.txt");
  }

  private Process launch(List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(output().toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("start a broker", e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
