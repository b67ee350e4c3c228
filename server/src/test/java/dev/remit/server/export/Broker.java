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
/// directory of the test. It can be stopped and started again. Besides its plain listener it has
/// one that takes TLS and a password (SCRAM-SHA-512) only.
final class Broker implements AutoCloseable {
  static final String USER = "remit";
  static final String PASSWORD = "let-remit-in";

  private final Path directory;
  private final int port = FreePort.find();
  private final int guarded = FreePort.find();
  private final int controller = FreePort.find();
  private @Nullable Process process;

  Broker(Path directory) {
    this.directory = directory;
    certify();
    write();
    run(
        "kafka.tools.StorageTool",
        "format",
        "--cluster-id",
        "4L6g3nShT-eMCtK--X86sw",
        "--add-scram",
        "SCRAM-SHA-512=[name=%s,password=%s]".formatted(USER, PASSWORD),
        "--config");
    start();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /// Where it takes TLS and [#PASSWORD] of [#USER].
  String guardedAddress() {
    return "127.0.0.1:" + guarded;
  }

  /// A PKCS #12 file by which its certificate is trusted, under [#PASSWORD].
  Path trust() {
    return directory.resolve("broker.p12");
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
          listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_SSL://127.0.0.1:%4$d,CONTROLLER://127.0.0.1:%2$d
          advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_SSL://127.0.0.1:%4$d
          controller.listener.names=CONTROLLER
          listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
          sasl.enabled.mechanisms=SCRAM-SHA-512
          listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
            org.apache.kafka.common.security.scram.ScramLoginModule required;
          ssl.keystore.type=PKCS12
          ssl.keystore.location=%5$s
          ssl.keystore.password=%6$s
          ssl.key.password=%6$s
          log.dirs=%3$s
          offsets.topic.replication.factor=1
          transaction.state.log.replication.factor=1
          transaction.state.log.min.isr=1
          """
              .formatted(port, controller, directory.resolve("log"), guarded, trust(), PASSWORD));
    } catch (IOException e) {
      throw new UncheckedIOException("configure a broker", e);
    }
  }

  /// Makes a key and a certificate for the loopback address, which certifies itself.
  private void certify() {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    ended(
        "keytool",
        started(
            List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                trust().toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)));
  }

  private void run(String... command) {
    var arguments = new ArrayList<>(List.of(command));
    arguments.add(settings().toString());
    ended(command[0], launch(arguments));
  }

  private void ended(String name, Process process) {
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(name + " ended with " + status + ": " + said());
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
    return started(command);
  }

  private Process started(List<String> command) {
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
