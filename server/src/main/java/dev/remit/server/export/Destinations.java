package dev.remit.server.export;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/// Opens the destination that a target names.
final class Destinations {
  private Destinations() {}

  static Destination open(
      ExportConfig config,
      Transmitter transmitter,
      CompletableFuture<Void> stopping,
      InstantSource clock) {
    var within = config.bounds().answerWithin();
    return switch (config.target()) {
      case Target.Webhook webhook -> new WebhookDestination(webhook, within, stopping, clock);
      case Target.OcsfLines lines -> new LinesDestination(lines, within, stopping, clock);
      case Target.OcsfFile file -> new FileDestination(file);
      case Target.Otlp otlp -> new OtlpDestination(otlp, within, stopping, clock);
      case Target.SecurityEvents receiver ->
          new SecurityEventDestination(receiver, transmitter, within, stopping, clock);
      case Target.Channel channel -> channel.opening().open(stopping);
      case Target.Kafka kafka -> new KafkaDestination(kafka, within, stopping);
    };
  }
}
