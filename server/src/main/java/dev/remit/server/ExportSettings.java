package dev.remit.server;

import dev.remit.kernel.ledger.EntryType;
import dev.remit.server.export.ExportConfig;
import dev.remit.server.export.Filter;
import dev.remit.server.export.Secret;
import dev.remit.server.export.Target;
import dev.remit.server.export.WebhookKeys;
import dev.remit.server.section.ExportSection;
import dev.remit.server.settings.SettingsWrong;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Says the exports of [Config] in their own words, each with its secrets from the environment.
final class ExportSettings {
  private final Config config;
  private final Map<String, String> secrets;

  private ExportSettings(Config config, Map<String, String> secrets) {
    this.config = config;
    this.secrets = secrets;
  }

  /// @throws SettingsWrong if a secret that is needed is not there, naming where it is looked for
  static List<ExportConfig> of(Config config, Map<String, String> secrets) {
    var settings = new ExportSettings(config, secrets);
    return config.exports().stream().map(settings::export).toList();
  }

  private ExportConfig export(ExportSection export) {
    return new ExportConfig(
        export.name(),
        target(export),
        filter(export),
        export.from() == ExportSection.From.NOW,
        new ExportConfig.Bounds(
            export.batchMax(),
            export.answerWithin(),
            export.pollEvery(),
            export.retryMin(),
            export.retryMax(),
            export.triesMax(),
            export.heldMax(),
            export.refusedAfter(),
            export.lagMax()));
  }

  private Target target(ExportSection export) {
    return switch (export.format()) {
      case CLOUDEVENTS ->
          new Target.Webhook(
              export.to(),
              keys(export),
              secret(export, "TOKEN"),
              config.publicUrl().getHost(),
              export.handshake());
      case OCSF ->
          export.to().toString().isEmpty()
              ? new Target.OcsfFile(export.file())
              : new Target.OcsfLines(export.to(), secret(export, "TOKEN"));
      case OPENTELEMETRY -> new Target.Otlp(export.to(), secret(export, "TOKEN"));
      case SECURITY_EVENTS ->
          new Target.SecurityEvents(
              export.to(),
              secret(export, "TOKEN"),
              export.audience().isEmpty() ? export.to().toString() : export.audience());
      case KAFKA ->
          new Target.Kafka(
              export.brokers(),
              export.topic(),
              export.tls(),
              export.user(),
              secret(export, "PASSWORD"));
    };
  }

  private static Filter filter(ExportSection export) {
    var types = export.types().stream().map(EntryType::parse).collect(Collectors.toSet());
    return new Filter(types, Set.copyOf(export.workflows()));
  }

  private WebhookKeys keys(ExportSection export) {
    try {
      return WebhookKeys.parse(secrets.getOrDefault(variable(export, "KEY"), ""));
    } catch (IllegalArgumentException e) {
      throw new SettingsWrong(
          List.of(
              "export `%s`: the environment variable %s %s"
                  .formatted(export.name(), variable(export, "KEY"), e.getMessage())));
    }
  }

  private Optional<Secret> secret(ExportSection export, String what) {
    return Optional.ofNullable(secrets.get(variable(export, what)))
        .filter(value -> !value.isBlank())
        .map(value -> new Secret(value.strip()));
  }

  private static String variable(ExportSection export, String what) {
    var name = export.name().toUpperCase(Locale.ROOT).replace('-', '_');
    return "REMIT_EXPORT_" + name + "_" + what;
  }
}
