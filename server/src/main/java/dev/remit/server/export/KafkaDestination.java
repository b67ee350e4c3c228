package dev.remit.server.export;

import dev.remit.server.export.format.CloudEvent;
import dev.remit.server.export.format.Outgoing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A topic of Kafka, which takes CloudEvents in structured mode, keyed by workflow: the events of
/// one workflow are in one partition, in order.
///
/// The producer is idempotent and waits for all replicas in sync, so what it repeats by itself
/// within one delivery is there once and in order. It is made anew after every failure.
///
/// Source: CloudEvents Kafka protocol binding 1.0.2, structured content mode.
final class KafkaDestination implements Destination {
  private static final int AT_ONCE_MAX = 500;
  private static final byte[] CONTENT_TYPE =
      (CloudEvent.MEDIA_TYPE + "; charset=UTF-8").getBytes(StandardCharsets.UTF_8);

  private final Target.Kafka target;
  private final Duration within;
  private final CompletableFuture<Void> stopping;
  private final List<KafkaProducer<byte[], byte[]>> open = new ArrayList<>();

  KafkaDestination(Target.Kafka target, Duration within, CompletableFuture<Void> stopping) {
    this.target = target;
    this.within = within;
    this.stopping = stopping;
  }

  @Override
  public Delivered deliver(List<Outgoing> entries) {
    try {
      var producer = producer();
      var sent = new ArrayList<Future<?>>();
      for (var out : entries) {
        sent.add(producer.send(message(out)));
      }
      long deadline = System.nanoTime() + within.toNanos();
      for (var one : sent) {
        one.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      return new Delivered.Taken();
    } catch (ExecutionException e) {
      abort();
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      abort();
      return failed(e);
    } catch (TimeoutException e) {
      abort();
      return new Delivered.Later("it did not answer within " + within.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Delivered.Later(HttpSender.STOPPING);
    }
  }

  private ProducerRecord<byte[], byte[]> message(Outgoing out) {
    var event = CloudEvent.bytes(out);
    var key = out.workflow().getBytes(StandardCharsets.UTF_8);
    var message =
        key.length == 0
            ? new ProducerRecord<byte[], byte[]>(target.topic(), event)
            : new ProducerRecord<>(target.topic(), key, event);
    message.headers().add(new RecordHeader("content-type", CONTENT_TYPE));
    return message;
  }

  private static Delivered failed(Throwable why) {
    return switch (why) {
      case RecordTooLargeException _, InvalidRecordException _ ->
          new Delivered.Refused("the broker does not take the entry: " + name(why));
      case RetriableException _ -> new Delivered.Later("the brokers are away: " + name(why));
      default -> new Delivered.Later("the brokers refuse: " + name(why));
    };
  }

  /// The name of an error of Kafka's protocol; its message may hold more than is to be shown.
  private static String name(Throwable why) {
    return why.getClass().getSimpleName().replace("Exception", "");
  }

  private KafkaProducer<byte[], byte[]> producer() {
    if (open.isEmpty()) {
      open.add(
          new KafkaProducer<>(settings(), new ByteArraySerializer(), new ByteArraySerializer()));
    }
    return open.getFirst();
  }

  /// Sends nothing of what is still to be sent. What was sent has kept its order.
  private void abort() {
    open.forEach(producer -> producer.close(Duration.ZERO));
    open.clear();
  }

  private Map<String, Object> settings() {
    var settings = new HashMap<String, Object>();
    int millis = (int) within.toMillis();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", target.brokers()));
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    // Longer than anybody waits: an entry that the producer gave up by itself could be overtaken by
    // the next one, which it still sends.
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10 * millis);
    var protocol = target.user().isEmpty() ? "" : "SASL_";
    settings.put("security.protocol", protocol + (target.tls() ? "SSL" : "PLAINTEXT"));
    if (!target.user().isEmpty()) {
      settings.put("sasl.mechanism", "SCRAM-SHA-512");
      settings.put(
          "sasl.jaas.config",
          "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\""
                  .formatted(escaped(target.user()))
              + " password=\"%s\";"
                  .formatted(escaped(target.password().map(Secret::reveal).orElse(""))));
    }
    return settings;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  @Override
  public int atOnceMax() {
    return AT_ONCE_MAX;
  }

  @Override
  public boolean isInOrder() {
    return true;
  }

  @Override
  public void close() {
    open.forEach(producer -> producer.close(stopping.isDone() ? Duration.ZERO : within));
    open.clear();
  }
}
