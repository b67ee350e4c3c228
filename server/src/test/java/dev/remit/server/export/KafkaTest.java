package dev.remit.server.export;

import static dev.remit.server.export.ExportWorld.config;
import static dev.remit.server.export.ExportWorld.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Entries in a topic of a real broker.
@Tag("R200")
class KafkaTest {
  private static final String TOPIC = "evidence";

  @TempDir private Path directory;
  private Broker broker;
  private ExportWorld world;

  @BeforeEach
  void open() {
    broker = new Broker(directory);
    world = new ExportWorld();
  }

  @AfterEach
  void close() {
    world.close();
    broker.close();
  }

  /// One test, since a broker takes its time: away, back, in order, and one that it does not take.
  @Test
  void entries_arrive_by_workflow_in_order_through_an_outage_and_past_one_too_large()
      throws Exception {
    broker.topic(TOPIC, 3, Map.of("max.message.bytes", "4000"));
    for (int i = 0; i < 6; i++) {
      world.call("workflow-" + i % 2);
    }
    world.decided("dec_large", "y".repeat(5_000));
    world.begin(config("stream", target()));
    world.settle();

    broker.stop();
    world.call("workflow-0");
    until(() -> world.standing().trouble().isPresent());
    broker.start();
    world.settle();

    var records = read();
    var aside = world.standing().asides().stream().map(one -> one.index()).toList();
    assertThat(aside).hasSize(1);
    var expected = new HashSet<Long>();
    for (var entry : world.all()) {
      if (!aside.contains(entry.index()) && !entry.text("export").equals(Optional.of("stream"))) {
        expected.add(entry.index());
      }
    }
    assertThat(Set.copyOf(indexes(records))).isEqualTo(expected);
    for (var workflow : List.of("workflow-0", "workflow-1")) {
      var own = records.stream().filter(one -> workflow.equals(key(one))).toList();
      assertThat(own.stream().map(ConsumerRecord::partition).distinct()).hasSize(1);
      assertThat(indexes(own).stream().distinct().toList()).isSorted();
    }
    assertThat(records)
        .allSatisfy(one ->
            assertThat(
                    new String(
                        one.headers().lastHeader("content-type").value(), StandardCharsets.UTF_8))
                .startsWith("application/cloudevents+json"));
  }

  /// Trusted through the JVM's own store of authorities, as a broker elsewhere is.
  @Test
  void a_broker_that_takes_only_tls_and_a_password_gets_entries_and_a_wrong_password_is_told()
      throws Exception {
    var before = System.getProperty("javax.net.ssl.trustStore");
    System.setProperty("javax.net.ssl.trustStore", broker.trust().toString());
    System.setProperty("javax.net.ssl.trustStorePassword", Broker.PASSWORD);
    try {
      broker.topic(TOPIC, 1, Map.of());
      world.call("workflow-0");
      world.begin(config("stream", guarded("not-this-one")));
      until(() -> world.standing().trouble().isPresent());
      assertThat(world.standing().trouble().orElseThrow().why()).doesNotContain("not-this-one");
      assertThat(read()).isEmpty();

      world.begin(config("stream", guarded(Broker.PASSWORD)));
      world.settle();

      assertThat(read()).isNotEmpty();
    } finally {
      System.clearProperty("javax.net.ssl.trustStorePassword");
      if (before == null) {
        System.clearProperty("javax.net.ssl.trustStore");
      } else {
        System.setProperty("javax.net.ssl.trustStore", before);
      }
    }
  }

  private Target guarded(String password) {
    return new Target.Kafka(
        List.of(broker.guardedAddress()),
        TOPIC,
        true,
        Broker.USER,
        Optional.of(new Secret(password)));
  }

  private Target target() {
    return new Target.Kafka(List.of(broker.address()), TOPIC, false, "", Optional.empty());
  }

  private List<ConsumerRecord<byte[], byte[]>> read() {
    var settings = Map.<String, Object>of("bootstrap.servers", broker.address());
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      var partitions =
          consumer.partitionsFor(TOPIC).stream()
              .map(one -> new TopicPartition(TOPIC, one.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long total = consumer.endOffsets(partitions).values().stream().mapToLong(end -> end).sum();
      var all = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      while (all.size() < total) {
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
      return all;
    }
  }

  private static List<Long> indexes(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.stream()
        .map(one -> JsonMapper.shared().readTree(one.value()).path("sequence").stringValue())
        .map(Long::valueOf)
        .toList();
  }

  private static String key(ConsumerRecord<byte[], byte[]> one) {
    return one.key() == null ? "" : new String(one.key(), StandardCharsets.UTF_8);
  }
}
